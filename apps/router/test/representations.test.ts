import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

type Representation = { readonly __typename: string; readonly id: string };

let subgraphs: Server;
let app: FastifyInstance;
/** The products of the lines of the order. */
let lines: readonly string[];
let asked: readonly Representation[][] = [];

/** Every product has a stock, but `cup` fails. */
const readProducts = (representations: readonly Representation[]) => ({
  data: {
    _entities: representations.map(({ id }) =>
      id === 'cup' ? null : { stock: id.length, price: { amount: 7 } },
    ),
  },
  errors: representations.flatMap(({ id }, index) =>
    id === 'cup'
      ? [{ message: 'no', path: ['_entities', index], extensions: { code: 'FORBIDDEN' } }]
      : [],
  ),
});

beforeAll(async () => {
  subgraphs = createServer((request, response) => {
    void (async () => {
      const { variables } = JSON.parse(await text(request)) as {
        variables?: { representations?: Representation[] };
      };
      const representations = variables?.representations;
      if (representations) asked = [...asked, representations];
      const items = lines.map((id) => ({ product: { __typename: 'Product', id } }));
      const result = representations
        ? readProducts(representations)
        : { data: { order: { items } } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: result.data, ...('errors' in result && result) }));
    })();
  }).listen(0, '127.0.0.1');
  await once(subgraphs, 'listening');
  const url = `http://127.0.0.1:${(subgraphs.address() as AddressInfo).port}/graphql`;
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    ORDER_URL: url,
    PRODUCT_URL: url,
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  subgraphs.close();
});

const readOrder = async (products: readonly string[]) => {
  lines = products;
  asked = [];
  const query = '{ order(id: "1") { items { product { stock price { amount } } } } }';
  const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query } });
  const { data, errors = [] } = response.json<{
    data: { order: { items: { product: object | null }[] } };
    errors?: { path: (string | number)[]; extensions: object }[];
  }>();
  return { products: data.order.items.map(({ product }) => product), errors };
};

const stockOf = (stock: number) => ({ stock, price: { amount: 7 } });

describe('entities that are asked for several times', () => {
  it('are asked for once, and are in every place', async () => {
    const { products, errors } = await readOrder(['lamp', 'bulbs', 'lamp', 'lamp', 'bulbs']);
    expect(asked.map((all) => all.map(({ id }) => id))).toEqual([['lamp', 'bulbs']]);
    expect(products).toEqual([4, 5, 4, 4, 5].map(stockOf));
    expect(errors).toEqual([]);
  });

  it('have their error in every place', async () => {
    const { products, errors } = await readOrder(['lamp', 'cup', 'lamp', 'cup', 'bulbs']);
    expect(asked.flat().map(({ id }) => id)).toEqual(['lamp', 'cup', 'bulbs']);
    expect(products).toEqual([stockOf(4), null, stockOf(4), null, stockOf(5)]);
    expect(errors.map(({ path }) => path.slice(0, 4))).toEqual(
      [1, 3].map((index) => ['order', 'items', index, 'product']),
    );
  });

  it('are sent as they are when all differ', async () => {
    const { products } = await readOrder(['lamp', 'bulbs']);
    expect(asked.flat()).toHaveLength(2);
    expect(products).toEqual([stockOf(4), stockOf(5)]);
  });
});
