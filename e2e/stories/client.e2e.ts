import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  makeShopClient,
  unwrapOrThrow,
  type SessionStore,
  type ShopClient,
  type StoredSession,
} from '@cartograph/client';
import { PASSWORD } from '../testkit/accounts.ts';
import { noteOrder } from '../testkit/made.ts';
import { newProduct } from '../testkit/products.ts';
import { record } from '../testkit/record.ts';
import { step } from '../testkit/step.ts';

let stored: StoredSession | null = null;
const store: SessionStore = {
  read: () => stored,
  write: (session) => {
    stored = session;
  },
};

let shop: ShopClient;

beforeAll(() => {
  shop = makeShopClient({ url: process.env['E2E_GRAPH_URL'] ?? '', name: 'e2e', store });
});

afterAll(() => shop.logout());

it('buys through the client library', async () => {
  const email = `${randomUUID()}@example.com`;
  const product = await newProduct({ stock: 3, price_cents: 1500 });
  const account = await step('Register', async () =>
    unwrapOrThrow(await shop.register({ email, password: PASSWORD })),
  );
  record({ kind: 'made', what: 'account', id: account.user.id });

  await step('Find the product', async () => {
    const { nodes } = await shop.products({ filter: { skus: [product.sku] } });
    expect(nodes).toMatchObject([{ id: product.id, price: { amount: 1500, currency: 'EUR' } }]);
    expect(await shop.product({ sku: product.sku }, { fresh: true })).toEqual(nodes[0]);
  });

  const items = [{ productId: product.id, quantity: 2 }];
  const options = { idempotencyKey: randomUUID() };
  const order = await step('Order twice with one key', async () => {
    const first = unwrapOrThrow(await shop.createOrder({ items }, options));
    noteOrder(first.id);
    expect(await shop.createOrder({ items }, options)).toEqual(first);
    return first;
  });
  const tooMany = await shop.createOrder({ items });
  expect(tooMany).toMatchObject({ shortages: [{ sku: product.sku, requested: 2, available: 1 }] });

  await step('Pay', async () => {
    const paid = unwrapOrThrow(await shop.payOrder({ orderId: order.id }));
    expect(paid).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'SUCCEEDED' });
    const again = await shop.cancelOrder({ orderId: order.id });
    expect(again).toMatchObject({ code: 'ORDER_NOT_PENDING', order: { status: 'CONFIRMED' } });
  });

  await step('Read the history with a token that is no longer valid', async () => {
    if (stored) stored = { ...stored, accessToken: `${stored.accessToken}x` };
    const before = stored?.refreshToken;
    const [orders, read, me] = await Promise.all([
      shop.orders({ first: 5 }),
      shop.order(order.id),
      shop.me(),
    ]);
    expect(orders.nodes).toMatchObject([{ id: order.id, status: 'CONFIRMED' }]);
    expect(read?.payments).toMatchObject([{ status: 'SUCCEEDED', amount: { amount: 3000 } }]);
    expect(read?.history.map(({ type }) => type)).toContain('CONFIRMED');
    expect(me?.email).toBe(email);
    expect(stored?.refreshToken).not.toBe(before);
  });
});
