import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRequest, cancelQuery, eventually } from '@cartograph/testing';
import { openOrder } from './open-order.ts';
import { CREATE } from './operations.ts';

type Shop = Awaited<ReturnType<typeof openOrder>>;

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder({ SERVICE_TIMEOUT_MS: '60000' });
});

afterAll(() => shop.close());

const QUERIES = [
  ['one order', 'query ($id: ID!) { order(id: $id) { number } }'],
  ['all orders', '{ orders { nodes { number } } }'],
  [
    'the orders of accounts',
    `query ($users: [_Any!]!) {
       _entities(representations: $users) { ... on User { orders { nodes { number } } } }
     }`,
  ],
] as const;

describe('a query', () => {
  it.each(QUERIES)(
    'ends in the database when its client disconnects, or its deadline has passed: %s',
    async (_what, query) => {
      const id = randomUUID();
      const users = [id, randomUUID()].map((user) => ({ __typename: 'User', id: user }));
      const variables = {
        ...(query.includes('$id') && { id }),
        ...(query.includes('$users') && { users }),
      };
      const headers = { authorization: shop.authorize('ADMIN') };
      expect(await cancelQuery(shop, 'orders', query, { variables, headers })).toEqual([
        'UNAVAILABLE',
      ]);
    },
  );
});

describe('an order whose client disconnects', () => {
  it('is made with the stock that it reserved', async () => {
    const release = shop.services.block('ReserveStock');
    const productId = shop.services.addProduct();
    const variables = { input: { items: [{ productId, quantity: 2 }] } };
    const headers = { authorization: shop.authorize() };
    const request = await beginRequest(shop.app, CREATE, { variables, headers });
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    request.disconnect();
    expect(await request.response).toBeNull();
    release();
    const rows = await eventually(async () => {
      const found = await shop.database.query<{ status: string; quantity: number }>(
        `SELECT status, quantity FROM orders JOIN order_items ON order_items.order_id = orders.id
         WHERE product_id = $1`,
        [productId],
      );
      expect(found).toHaveLength(1);
      return found;
    });
    expect(rows).toEqual([{ status: 'PENDING', quantity: 2 }]);
    expect(shop.services.products.get(productId)?.stock).toBe(8);
  });
});
