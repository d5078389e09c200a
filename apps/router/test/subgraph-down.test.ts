import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure, withNulls } from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { startSimulatedShop, type SimulatedShop } from './kit/simulated-shop.ts';

/** Port 1 is reserved: no server listens on it. */
const NOWHERE = 'http://127.0.0.1:1/graphql';

/** Asks all subgraphs, at the root and below the entities of others. */
const QUERY = `query ($id: ID!) {
  me { email }
  products(first: 2) { nodes { name } }
  order(id: $id) { number customer { email } payments { status } items { sku product { name } } }
  paymentMethods { name }
}`;

type Data = Record<string, unknown>;

type Answer = {
  readonly data: Data;
  readonly errors: readonly { readonly path: readonly (string | number)[] }[];
};

let shop: SimulatedShop;
let variables: { readonly id: string };
let whole: Data;

beforeAll(async () => {
  shop = await startSimulatedShop();
  // The simulated shop has made up which orders there are, and what of them is null.
  for (let id = 0; !whole; id += 1) {
    variables = { id: String(id) };
    const { data } = await shop.answerAsOne({ query: QUERY, variables });
    const order = data?.['order'] as { items: { product: unknown }[] } | null;
    if (order?.items.some(({ product }) => product) && !JSON.stringify(order).includes('null')) {
      whole = data as Data;
    }
  }
});

afterAll(() => shop.close());

const askWithout = async (service: string): Promise<Answer> => {
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    ...shop.env,
    [`${service.toUpperCase()}_URL`]: NOWHERE,
  });
  const app = await makeServer({ config, ...testInfrastructure() });
  try {
    const payload = { query: QUERY, variables };
    return (await app.inject({ method: 'POST', url: '/graphql', payload })).json();
  } finally {
    await app.close();
  }
};

describe('while a subgraph is down', () => {
  it.each([
    // A field that can't be null takes its parent with it.
    ['user', ['me', 'order.customer'], ['me', 'order.customer.email']],
    ['product', ['products', 'order.items.product'], ['products', 'order.items.product.name']],
    ['order', ['order'], ['order']],
    ['payment', ['order.payments', 'paymentMethods'], ['order.payments', 'paymentMethods']],
  ])('%s: the router answers with all that the others know', async (service, nulls, failed) => {
    const { data, errors } = await askWithout(service);
    const paths = nulls.map((path) => path.split('.'));
    expect(data).toEqual(withNulls(whole, paths));
    const found = errors.map(({ path }) => path.filter((step) => typeof step === 'string'));
    expect(new Set(found.map((path) => path.join('.')))).toEqual(new Set(failed));
    for (const error of errors) {
      expect(error).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    }
  });
});
