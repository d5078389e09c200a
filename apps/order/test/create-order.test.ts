import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  // The largest order there can be is more than one account may hold by default.
  shop = await openOrder({ ORDER_UNITS_PER_ACCOUNT: '100000', ORDER_UNITS_PER_ADDRESS: '100000' });
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const stockOf = (productId: string) => shop.services.products.get(productId)?.stock;

const countOrders = async (userId: string) => {
  const rows = await shop.database.query('SELECT id FROM orders WHERE user_id = $1', [userId]);
  return rows.length;
};

describe('createOrder', () => {
  it('reserves the stock and makes a pending order', async () => {
    const ada = shop.signIn();
    const mug = shop.services.addProduct({ sku: 'MUG', name: 'Mug' });
    const pot = shop.services.addProduct({
      sku: 'POT',
      name: 'Pot',
      unitPrice: { amount: 4500, currency: 'EUR' },
    });
    const items = [
      { productId: pot, quantity: 1 },
      { productId: mug, quantity: 3 },
    ];
    const order = await ada.create({ items });
    expect(order).toMatchObject({
      __typename: 'Order',
      number: expect.stringMatching(/^C-1\d{5}$/),
      status: 'PENDING',
      total: { amount: 4500 + 3 * 1999, currency: 'EUR' },
      cancellation: null,
      customer: { id: ada.id },
    });
    expect(order.items).toEqual([
      {
        sku: 'POT',
        name: 'Pot',
        quantity: 1,
        unitPrice: { amount: 4500, currency: 'EUR' },
        lineTotal: { amount: 4500, currency: 'EUR' },
        product: { id: pot },
      },
      {
        sku: 'MUG',
        name: 'Mug',
        quantity: 3,
        unitPrice: { amount: 1999, currency: 'EUR' },
        lineTotal: { amount: 5997, currency: 'EUR' },
        product: { id: mug },
      },
    ]);
    expect(Date.parse(order.reservedUntil) - Date.parse(order.createdAt)).toBe(15 * 60_000);
    expect([stockOf(mug), stockOf(pot)]).toEqual([7, 9]);
    expect(shop.services.reservations.get(order.id)?.status).toBe('HELD');
  });

  it('keeps name, SKU and price when the product changes', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    const order = await ada.create({ items: [{ productId, quantity: 2 }] });
    const product = shop.services.products.get(productId);
    if (product) {
      product.name = 'Another name';
      product.unitPrice = { amount: 1, currency: 'EUR' };
    }
    expect(await ada.find(order.id)).toMatchObject({ items: order.items, total: order.total });
  });

  it('adds up the lines of one product, however its id is written', async () => {
    const productId = shop.services.addProduct();
    const order = await shop.signIn().create({
      items: [
        { productId, quantity: 1 },
        { productId: productId.toUpperCase(), quantity: 2 },
      ],
    });
    expect(order.items).toMatchObject([{ quantity: 3, product: { id: productId } }]);
    expect(order.total.amount).toBe(3 * 1999);
  });

  it('numbers orders one after the other', async () => {
    const ada = shop.signIn();
    const numberOf = async () => Number((await ada.createAny()).number.slice(2));
    const first = await numberOf();
    expect(await numberOf()).toBe(first + 1);
  });

  it('accepts the largest order that is allowed', async () => {
    const productIds = Array.from({ length: 100 }, () => shop.services.addProduct({ stock: 1000 }));
    const order = await shop.signIn().create({
      items: productIds.map((productId) => ({ productId, quantity: 1000 })),
    });
    expect(order.items.map((item) => item.product.id)).toEqual(productIds);
    expect(order.total.amount).toBe(100 * 1000 * 1999);
  });

  it('requires a signed-in customer', async () => {
    const query =
      'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { __typename } }';
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const { errors } = await shop.send(query, { input: { items } });
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('createOrder refuses', () => {
  const productId = randomUUID();
  const line = { productId, quantity: 1 };

  it.each([
    ['no lines', { items: [] }, 'items'],
    ['101 lines', { items: Array(101).fill(line) }, 'items'],
    ['a quantity of nothing', { items: [{ productId, quantity: 0 }] }, 'items.0.quantity'],
    ['a quantity below nothing', { items: [{ productId, quantity: -1 }] }, 'items.0.quantity'],
    ['a quantity over 1000', { items: [line, { productId, quantity: 1001 }] }, 'items.1.quantity'],
    ['a product that is no id', { items: [{ productId: 'x', quantity: 1 }] }, 'items.0.productId'],
    ['an empty key', { items: [line], idempotencyKey: '' }, 'idempotencyKey'],
    ['a long key', { items: [line], idempotencyKey: 'k'.repeat(256) }, 'idempotencyKey'],
    ['a key with a NUL', { items: [line], idempotencyKey: 'k\0' }, 'idempotencyKey'],
  ])('%s', async (_fault, input, path) => {
    expect(await shop.signIn().create(input)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
  });

  it('half of a product, or more than a number holds', async () => {
    for (const quantity of [1.5, 2 ** 31, '1', null]) {
      const input = { items: [{ productId, quantity }] };
      const { errors } = await shop.signIn().tryToCreate(input);
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('more than the stock, and returns what is available', async () => {
    const ada = shop.signIn();
    const short = shop.services.addProduct({ sku: 'SHORT', stock: 2 });
    const plenty = shop.services.addProduct();
    const items = [
      { productId: plenty, quantity: 1 },
      { productId: short, quantity: 3 },
    ];
    expect(await ada.create({ items })).toMatchObject({
      code: 'OUT_OF_STOCK',
      shortages: [{ productId: short, sku: 'SHORT', requested: 3, available: 2 }],
    });
    expect([stockOf(short), stockOf(plenty)]).toEqual([2, 10]);
    expect(await countOrders(ada.id)).toBe(0);
  });

  it('a product that does not exist', async () => {
    const unknown = randomUUID();
    const items = [{ productId: unknown, quantity: 1 }];
    expect(await shop.signIn().create({ items })).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      productId: unknown,
    });
  });

  it('products of two currencies, and releases their stock', async () => {
    const ada = shop.signIn();
    const euros = shop.services.addProduct();
    const dollars = shop.services.addProduct({ unitPrice: { amount: 1, currency: 'USD' } });
    const items = [euros, dollars].map((productId) => ({ productId, quantity: 1 }));
    expect((await ada.create({ items })).code).toBe('MIXED_CURRENCIES');
    expect([stockOf(euros), stockOf(dollars)]).toEqual([10, 10]);
    expect(await countOrders(ada.id)).toBe(0);
  });

  it.each([
    ['one line', [2]],
    ['all lines together', [1, 1]],
  ])('a total too large to be exact, of %s, and releases the stock', async (_of, quantities) => {
    const ada = shop.signIn();
    const unitPrice = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' };
    const items = quantities.map((quantity) => ({
      productId: shop.services.addProduct({ unitPrice }),
      quantity,
    }));
    expect(await ada.create({ items })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'items' }],
    });
    expect(items.map((item) => stockOf(item.productId))).toEqual(items.map(() => 10));
    expect(await countOrders(ada.id)).toBe(0);
  });
});
