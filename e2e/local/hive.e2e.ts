// Not for a remote shop: starts Hive Gateway, with each of its planners, in front of the subgraphs.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@cartograph/client';
import { withNulls } from '@cartograph/testing';
import { SERVICES, type ServiceName } from '../../tools/services.ts';
import { openHive, type Hive } from '../bench/hive/open-hive.ts';
import { PREVIEW } from '../graph-clients/operations.ts';
import { PASSWORD } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';

const CONNECTIONS = 4;

/** Port 1 is reserved: no server listens on it. */
const NOWHERE = 'http://127.0.0.1:1';

const originOf = (service: string): string => {
  const ports = (process.env['E2E_SUBGRAPH_PORTS'] ?? '').split(',');
  return `http://127.0.0.1:${ports[SERVICES.indexOf(service as ServiceName)]}`;
};

const secret = (): string => process.env['E2E_HIVE_SECRET'] ?? '';

const PLANNERS = ['rust', 'javascript'] as const;

type Planner = (typeof PLANNERS)[number];

const opened: Hive[] = [];

/** Starts Hive Gateway, where a service is down or none. */
const open = async (planner: Planner, missing?: ServiceName): Promise<Hive> => {
  const shop = {
    originOf: (service: string) => (service === missing ? NOWHERE : originOf(service)),
  };
  const one = await openHive(shop, secret(), CONNECTIONS, planner);
  opened.push(one);
  return one;
};

afterAll(() => Promise.all(opened.map((one) => one.close())));

const send = async (url: string, query: string, variables: object = {}, token?: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
  return (await response.json()) as { data: any; errors?: { path?: unknown[] }[] };
};

const textOf = (name: string): string =>
  operations.find((operation) => operation.name === name)?.text ?? '';

/** What is different in each purchase: ids, times, tokens, cursors, numbers and addresses. */
const OWN =
  /"(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z|C-\d+|[^"]+@example\.com)"|"(?:accessToken|refreshToken|startCursor|endCursor)":"[^"]+"/g;

const withoutOwn = (responses: readonly object[]): unknown =>
  JSON.parse(
    JSON.stringify(responses).replace(OWN, (text) =>
      text.includes('":"') ? `${text.slice(0, text.indexOf(':'))}:"own"` : '"own"',
    ),
  );

/** Buys through a router. @returns every response */
const buy = async (url: string, sku: string): Promise<readonly object[]> => {
  const input = { email: `${randomUUID()}@example.com`, password: PASSWORD };
  const registered = await send(url, textOf('Register'), { input });
  const token: string = registered.data.register.accessToken;
  const listed = await send(url, textOf('Products'), { filter: { skus: [sku] } });
  const items = [{ productId: listed.data.products.nodes[0].id, quantity: 1 }];
  const previewed = await send(url, PREVIEW, { items });
  const ordered = await send(url, textOf('CreateOrder'), { input: { items } }, token);
  const id: string = ordered.data.createOrder.id;
  const paid = await send(url, textOf('PayOrder'), { input: { orderId: id } }, token);
  const again = await send(url, textOf('CancelOrder'), { input: { orderId: id } }, token);
  const read = await send(url, textOf('Order'), { id }, token);
  const orders = await send(url, textOf('Orders'), { first: 5 }, token);
  return [registered, listed, previewed, ordered, paid, again, read, orders];
};

/** Asks all subgraphs, at the root and below the entities of others. */
const EVERYTHING = `query ($id: ID!, $sku: String!) {
  me { email }
  product(sku: $sku) { name }
  order(id: $id) { number customer { email } payments { status } items { sku product { name } } }
  paymentMethods { name }
}`;

/** Makes an account with an order, through a router. */
const place = async (url: string): Promise<{ token: string; id: string; sku: string }> => {
  const product = await newProduct({ stock: 1 });
  const input = { email: `${randomUUID()}@example.com`, password: PASSWORD };
  const { data } = await send(url, textOf('Register'), { input });
  const token: string = data.register.accessToken;
  const items = [{ productId: product.id, quantity: 1 }];
  const ordered = await send(url, textOf('CreateOrder'), { input: { items } }, token);
  return { token, id: ordered.data.createOrder.id, sku: product.sku };
};

const graphUrl = (): string => process.env['E2E_GRAPH_URL'] ?? '';

describe.each(PLANNERS)('Hive Gateway in front of the subgraphs, planning in %s,', (planner) => {
  let hive: Hive;

  beforeAll(async () => {
    hive = await open(planner);
  });

  it('gives the same answers to a purchase as the router of the shop', async () => {
    const [here, there] = await Promise.all([
      newProduct({ stock: 1, price_cents: 1500 }),
      newProduct({ stock: 1, price_cents: 1500 }),
    ]);
    const sku = (responses: readonly object[], text: string) =>
      JSON.parse(JSON.stringify(responses).replaceAll(text, 'SKU')) as object[];
    const ours = sku(await buy(graphUrl(), here.sku), here.sku);
    const theirs = sku(await buy(hive.url, there.sku), there.sku);
    expect(withoutOwn(theirs)).toEqual(withoutOwn(ours));
    expect(ours).toMatchObject([
      {},
      {},
      { data: { orderPreview: { isAvailable: true, total: { amount: 1500 } } } },
      {},
      { data: { payOrder: { status: 'CONFIRMED' } } },
      { data: { cancelOrder: { code: 'ORDER_NOT_PENDING' } } },
      { data: { order: { payments: [{ status: 'SUCCEEDED' }] } } },
      {},
    ]);
  });

  it('shows clients the same fields, and none that is for services', async () => {
    const query = '{ __schema { types { name fields { name } } } }';
    const fieldsOf = async (url: string) => {
      const { data } = await send(url, query);
      return (data.__schema.types as { name: string; fields: { name: string }[] | null }[])
        .filter(({ name }) => !name.startsWith('__'))
        .flatMap(({ name, fields }) => (fields ?? []).map((field) => `${name}.${field.name}`))
        .toSorted();
    };
    const fields = await fieldsOf(graphUrl());
    expect(await fieldsOf(hive.url)).toEqual(fields);
    expect(fields).toContain('Mutation.createOrder');
    expect(fields).not.toContain('Query.activeSessions');
    const { errors } = await send(hive.url, '{ activeSessions(ids: []) }');
    expect(errors).toHaveLength(1);
  });

  it('passes on the trace of an error, by which it is found in the log', async () => {
    const { errors } = await send(hive.url, '{ me { email } orders(first: 1) { nodes { id } } }');
    expect(errors).not.toHaveLength(0);
    for (const error of errors ?? []) {
      expect(error).toMatchObject({
        extensions: {
          code: 'UNAUTHENTICATED',
          trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      });
    }
  });

  // apps/router/test/subgraph-down.test.ts asks the same of our router, which names the fields, too.
  it.each([
    ['user', ['me', 'order.customer']],
    ['product', ['product', 'order.items.product']],
    ['order', ['order']],
    ['payment', ['order.payments', 'paymentMethods']],
  ] as const)('answers with what the others know while %s is down', async (service, missing) => {
    const { token, ...variables } = await place(hive.url);
    const without = await open(planner, service);
    const { data: whole } = await send(hive.url, EVERYTHING, variables, token);
    const { data, errors } = await send(without.url, EVERYTHING, variables, token);
    const nulls = missing.map((path) => path.split('.'));
    expect(data).toEqual(withNulls(whole, nulls));
    expect(data).not.toEqual(whole);
    const roots = new Set(errors?.map(({ path }) => path?.[0]));
    expect(roots).toEqual(new Set(nulls.map(([root]) => root)));
  });
});
