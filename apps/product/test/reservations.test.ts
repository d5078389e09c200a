import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type ProductService } from './open-product.ts';
import { COMMIT, countUnits, makeReserver, RELEASE, type Reserver } from './reserve-stock.ts';

let catalogue: ProductService;
let stock: Reserver;

beforeAll(async () => {
  catalogue = await openProduct({ RESERVATION_SWEEP_MS: '50' });
  stock = makeReserver(catalogue);
});

afterAll(() => catalogue.close());

describe('a reservation', () => {
  it('takes units from stock and stores name, SKU and price as they were', async () => {
    const { id, sku } = await catalogue.addProduct({ name: 'As it was' });
    const orderId = randomUUID();
    const reservation = await stock.reserve(orderId, [{ productId: id, quantity: 4 }]);
    expect(reservation).toMatchObject({ __typename: 'Reservation', orderId, status: 'HELD' });
    expect(reservation.lines).toEqual([
      {
        productId: id,
        quantity: 4,
        sku,
        name: 'As it was',
        unitPrice: { amount: 1999, currency: 'EUR' },
      },
    ]);
    expect(await catalogue.readStock(id)).toBe(6);
  });

  it('takes every line or none, and lists every shortage with what is left', async () => {
    const [plenty, few, none] = await Promise.all([
      catalogue.addProduct({ stock: 10 }),
      catalogue.addProduct({ stock: 2 }),
      catalogue.addProduct({ stock: 0 }),
    ]);
    const refused = await stock.reserve(randomUUID(), [
      { productId: plenty.id, quantity: 1 },
      { productId: few.id, quantity: 3 },
      { productId: none.id, quantity: 1 },
    ]);
    expect(refused.code).toBe('OUT_OF_STOCK');
    expect(new Set(refused.shortages)).toEqual(
      new Set([
        { productId: few.id, sku: few.sku, requested: 3, available: 2 },
        { productId: none.id, sku: none.sku, requested: 1, available: 0 },
      ]),
    );
    const left = await Promise.all([plenty, few, none].map(({ id }) => catalogue.readStock(id)));
    expect(left).toEqual([10, 2, 0]);
  });

  it('sums the lines of one product, in any spelling of its id', async () => {
    const { id: productId } = await catalogue.addProduct({ stock: 5 });
    const twice = (quantity: number) => [
      { productId, quantity },
      { productId: productId.toUpperCase(), quantity },
    ];
    expect((await stock.reserve(randomUUID(), twice(3))).code).toBe('OUT_OF_STOCK');
    expect((await stock.reserve(randomUUID(), twice(2))).lines).toMatchObject([{ quantity: 4 }]);
    expect(await catalogue.readStock(productId)).toBe(1);
  });

  it('reserves nothing when a product does not exist', async () => {
    const { id } = await catalogue.addProduct();
    const unknown = randomUUID();
    const refused = await stock.reserve(randomUUID(), [
      { productId: id, quantity: 1 },
      { productId: unknown, quantity: 1 },
    ]);
    expect(refused).toMatchObject({ code: 'PRODUCT_NOT_FOUND', productId: unknown });
    expect(await catalogue.readStock(id)).toBe(10);
  });

  it('may be tried again with fewer units after it was refused', async () => {
    const { id: productId } = await catalogue.addProduct({ stock: 3 });
    const orderId = randomUUID();
    await stock.reserve(orderId, [{ productId, quantity: 4 }]);
    expect(await stock.reserve(orderId, [{ productId, quantity: 3 }])).toMatchObject({
      status: 'HELD',
    });
  });

  it('is the same for an order, under repeated and concurrent requests', async () => {
    const { id: productId } = await catalogue.addProduct();
    const orderId = randomUUID();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => stock.reserve(orderId, [{ productId, quantity: 2 }])),
    );
    expect(results).toEqual(Array(20).fill(results[0]));
    expect(results[0]).toMatchObject({ status: 'HELD', lines: [{ quantity: 2 }] });
    expect(await catalogue.readStock(productId)).toBe(8);
  });

  it('refuses bad input of a service', async () => {
    const { id: productId } = await catalogue.addProduct();
    const wrong = [
      [],
      [{ productId, quantity: 0 }],
      [{ productId, quantity: -1 }],
      [{ productId, quantity: 1_000_001 }],
      [{ productId: 'x', quantity: 1 }],
      Array.from({ length: 1_001 }, () => ({ productId, quantity: 1 })),
    ];
    for (const lines of wrong) {
      const { errors } = await stock.send(randomUUID(), lines);
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(await catalogue.readStock(productId)).toBe(10);
  });
});

describe('concurrent buyers', () => {
  it('buy exactly the stock, with products in different orders', async () => {
    const [left, right] = await Promise.all([
      catalogue.addProduct({ stock: 20 }),
      catalogue.addProduct({ stock: 20 }),
    ]);
    const basket = [left, right].map(({ id }) => ({ productId: id, quantity: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        stock.send(randomUUID(), index % 2 === 0 ? basket : basket.toReversed()),
      ),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    const types = answers.map(({ data }) => data.reserveStock.__typename as string);
    expect(types.filter((type) => type === 'Reservation')).toHaveLength(20);
    expect(types.filter((type) => type === 'OutOfStockProblem')).toHaveLength(40);
    expect(await catalogue.readStock(left.id)).toBe(0);
    expect(await catalogue.readStock(right.id)).toBe(0);
  });

  it('reserve and release without losing a unit', async () => {
    const { id: productId } = await catalogue.addProduct({ stock: 5 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const orderId = randomUUID();
        await stock.reserve(orderId, [{ productId, quantity: 1 }]);
        return index % 3 === 0 ? stock.commit(orderId) : stock.release(orderId);
      }),
    );
    const sold = answers.filter((reservation) => reservation?.status === 'COMMITTED').length;
    expect(await catalogue.readStock(productId)).toBe(5 - sold);
  });
});

describe('reserved stock', () => {
  it('is for peer services only', async () => {
    const { id: productId } = await catalogue.addProduct();
    const orderId = randomUUID();
    const reserve = stock.query(orderId, [{ productId, quantity: 1 }]);
    const calls = [reserve, [COMMIT, { orderId }], [RELEASE, { orderId }]] as const;
    for (const [mutation, variables] of calls) {
      for (const send of [catalogue.asAdmin, catalogue.asShopper, catalogue.asRouter]) {
        const { errors } = await send(mutation, variables);
        expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('balances: each unit is in stock, held or sold', async () => {
    expect(await countUnits(catalogue)).toEqual(Object.fromEntries(catalogue.startingStock));
  });
});
