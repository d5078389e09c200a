import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEADLINE_HEADER } from '@cartograph/resilience';
import {
  beginRequest,
  blockTable,
  cancelQuery,
  eventually,
  type BlockedTable,
} from '@cartograph/testing';
import { openProduct, type ProductService } from './open-product.ts';

const LIST = '{ products(first: 5) { nodes { id } totalCount } categories { name } }';
const FIND = 'query ($id: ID!) { product(id: $id) { name } }';
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { name } }
}`;

let catalogue: ProductService;
let table: BlockedTable;
let id: string;

beforeAll(async () => {
  catalogue = await openProduct();
  ({ id } = await catalogue.addProduct());
});

beforeEach(async () => {
  table = await blockTable(catalogue.database, 'products');
});

afterEach(() => table.release());

afterAll(() => catalogue.close());

describe('a query', () => {
  it.each([
    ['a list', LIST],
    ['one product', FIND],
    ['entities', ENTITIES],
  ])(
    'ends in the database when its client disconnects, or its deadline has passed: %s',
    async (_what, query) => {
      await table.release();
      const variables =
        query === LIST ? {} : { id, representations: [{ __typename: 'Product', id }] };
      expect(await cancelQuery(catalogue, 'products', query, { variables })).toEqual([
        'UNAVAILABLE',
      ]);
      expect(catalogue.logged).toEqual([]);
      table = await blockTable(catalogue.database, 'products');
    },
  );

  it('frees the connections of cancelled queries', async () => {
    const requests = await Promise.all(
      Array.from({ length: 30 }, () => beginRequest(catalogue.app, LIST)),
    );
    await table.untilWaiting(10);
    for (const { disconnect } of requests) disconnect();
    await table.untilWaiting(0);
    const next = catalogue.asRouter(LIST);
    await table.untilWaiting(1);
    await table.release();
    expect((await next).data.products.nodes).toHaveLength(1);
    table = await blockTable(catalogue.database, 'products');
  });
});

describe('a mutation', () => {
  const CREATE = `mutation ($input: CreateProductInput!, $next: CreateProductInput!) {
    createProduct(input: $input) { ... on Product { id } }
    next: createProduct(input: $next) { ... on Product { id } }
  }`;

  const newProduct = () => ({
    sku: randomUUID(),
    name: 'A thing',
    price: { amount: 1, currency: 'EUR' },
  });

  const countOf = async (sku: string): Promise<number> => {
    const rows = await catalogue.database.query('SELECT 1 FROM products WHERE sku = $1', [sku]);
    return rows.length;
  };

  it.each([
    ['its client disconnects', {}],
    ['its deadline passes', { [DEADLINE_HEADER]: '300' }],
  ])('that has begun is completed though %s; one after it is not begun', async (_what, own) => {
    const [input, next] = [newProduct(), newProduct()];
    const headers = { authorization: catalogue.admin, ...own };
    const request = await beginRequest(catalogue.app, CREATE, {
      variables: { input, next },
      headers,
    });
    await table.untilWaiting(1);
    if (!(DEADLINE_HEADER in own)) request.disconnect();
    await sleep(500);
    await table.untilWaiting(1);
    await table.release();
    await eventually(async () => expect(await countOf(input.sku)).toBe(1));
    await sleep(100);
    expect(await countOf(next.sku)).toBe(0);
    table = await blockTable(catalogue.database, 'products');
  });
});
