import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type Shop } from './open-order.ts';
import type { Fault } from './fake-services.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const basket = (productId: string, quantity = 1) => [{ productId, quantity }];

const stockOf = (productId: string) => shop.services.products.get(productId)?.stock;

describe('an idempotency key', () => {
  it('makes one order, however often it is used, also concurrently', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    const input = { items: basket(productId, 2), idempotencyKey: 'my cart' };
    const orders = await Promise.all(Array.from({ length: 20 }, () => ada.create(input)));
    expect(orders).toEqual(Array(20).fill(orders[0]));
    expect(await ada.create(input)).toEqual(orders[0]);
    expect(stockOf(productId)).toBe(8);
    const rows = await shop.database.query('SELECT id FROM orders WHERE user_id = $1', [ada.id]);
    expect(rows).toEqual([{ id: orders[0]?.id }]);
  });

  it('is refused for another request', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    const idempotencyKey = randomUUID();
    await ada.create({ items: basket(productId), idempotencyKey });
    const other = await ada.create({ items: basket(productId, 2), idempotencyKey });
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(stockOf(productId)).toBe(9);
  });

  it('is accepted for one of two concurrent requests, and a conflict for the other', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct({ stock: 100 });
    const idempotencyKey = randomUUID();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ada.create({ items: basket(productId, 1 + (index % 2)), idempotencyKey }),
      ),
    );
    const ids = results.filter((result) => result.code === undefined).map(({ id }) => id);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(1);
    expect(results.filter((result) => result.code === 'IDEMPOTENCY_CONFLICT')).toHaveLength(10);
  });

  it('is separate for each customer', async () => {
    const [ada, bob] = [shop.signIn(), shop.signIn()];
    const productId = shop.services.addProduct();
    const idempotencyKey = 'a common key';
    const hers = await ada.create({ items: basket(productId), idempotencyKey });
    const his = await bob.create({ items: basket(productId, 2), idempotencyKey });
    expect(his).toMatchObject({ __typename: 'Order', customer: { id: bob.id } });
    expect(his.id).not.toBe(hers.id);
  });

  it('accepts any text', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    for (const idempotencyKey of ["'; DROP TABLE orders; --", '😀'.repeat(127), ' ', '%_\\']) {
      const input = { items: basket(productId), idempotencyKey };
      const { id } = await ada.create(input);
      expect((await ada.create(input)).id).toBe(id);
    }
    expect(stockOf(productId)).toBe(6);
  });

  it('is optional: without one, each request makes an order', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    for (const idempotencyKey of [undefined, null]) {
      const input = { items: basket(productId), idempotencyKey };
      const [first, second] = await Promise.all([ada.create(input), ada.create(input)]);
      expect(first.id).not.toBe(second.id);
    }
    expect(stockOf(productId)).toBe(6);
  });

  it('returns the same problem to a repeat; a new key tries again', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct({ stock: 0 });
    const input = { items: basket(productId), idempotencyKey: randomUUID() };
    const short = await ada.create(input);
    expect(short.code).toBe('OUT_OF_STOCK');
    Object.assign(shop.services.products.get(productId) ?? {}, { stock: 1 });
    expect(await ada.create(input)).toEqual(short);
    expect((await ada.create({ ...input, idempotencyKey: randomUUID() })).status).toBe('PENDING');
    expect(stockOf(productId)).toBe(0);
  });
});

describe('createOrder, when the product service does not answer,', () => {
  it.each<[Fault]>([['down'], ['error'], ['hang'], ['response lost']])(
    'is unavailable (%s), shows no internals, and works once when it is repeated',
    async (fault) => {
      const ada = shop.signIn();
      const productId = shop.services.addProduct();
      const input = { items: basket(productId, 2), idempotencyKey: randomUUID() };
      shop.services.setFault(fault, 'ReserveStock');
      const waitsMs = fault === 'hang' ? 1_000 : undefined;
      const { data, errors } = await ada.tryToCreate(input, waitsMs);
      expect(data).toBeNull();
      expect(errors).toMatchObject([
        {
          message: 'A part of the shop does not answer; try again in a moment.',
          extensions: { code: 'UNAVAILABLE' },
        },
      ]);
      shop.services.clearFaults();
      expect((await ada.create(input)).status).toBe('PENDING');
      expect(stockOf(productId)).toBe(8);
    },
  );
});
