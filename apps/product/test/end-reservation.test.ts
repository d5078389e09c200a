import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openProduct, type ProductService } from './open-product.ts';
import { countUnits, makeReserver, type Reserver } from './reserve-stock.ts';

let catalogue: ProductService;
let stock: Reserver;

beforeAll(async () => {
  catalogue = await openProduct({ RESERVATION_SWEEP_MS: '50' });
  stock = makeReserver(catalogue);
});

afterAll(() => catalogue.close());

describe('the end of a reservation', () => {
  const holdFour = async () => {
    const { id: productId } = await catalogue.addProduct();
    const orderId = randomUUID();
    await stock.reserve(orderId, [{ productId, quantity: 4 }]);
    return { productId, orderId };
  };

  it('returns units once, under concurrent releases', async () => {
    const { productId, orderId } = await holdFour();
    const released = await Promise.all(Array.from({ length: 10 }, () => stock.release(orderId)));
    expect(released.map((reservation) => reservation?.status)).toEqual(Array(10).fill('RELEASED'));
    await stock.release(orderId);
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('takes the units again when it is committed after its release', async () => {
    const { productId, orderId } = await holdFour();
    await stock.release(orderId);
    const answers = await Promise.all(Array.from({ length: 5 }, () => stock.commit(orderId)));
    expect(answers.map((answer) => answer?.status)).toEqual(Array(5).fill('COMMITTED'));
    expect(await catalogue.readStock(productId)).toBe(6);
  });

  it('stays released when there is not enough stock to take again', async () => {
    const { productId, orderId } = await holdFour();
    await stock.release(orderId);
    await stock.reserve(randomUUID(), [{ productId, quantity: 7 }]);
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(productId)).toBe(3);
  });

  it('is refused for good then, even if stock returns later', async () => {
    const { productId, orderId } = await holdFour();
    await stock.release(orderId);
    const other = randomUUID();
    await stock.reserve(other, [{ productId, quantity: 7 }]);
    await stock.commit(orderId);
    await stock.release(other);
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    const again = await stock.reserve(orderId, [{ productId, quantity: 1 }]);
    expect(again).toMatchObject({ status: 'RELEASED', lines: [{ quantity: 4 }] });
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('takes the last units again once, under concurrent commits of one order', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id: productId } = await catalogue.addProduct();
      const orderId = randomUUID();
      await stock.reserve(orderId, [{ productId, quantity: 10 }]);
      await stock.release(orderId);
      const answers = await Promise.all(Array.from({ length: 5 }, () => stock.commit(orderId)));
      expect(answers.map((answer) => answer?.status)).toEqual(Array(5).fill('COMMITTED'));
      expect(await catalogue.readStock(productId)).toBe(0);
    }
  });

  it('is held until the latest expiry that was requested', async () => {
    const { id: productId } = await catalogue.addProduct();
    const orderId = randomUUID();
    const lines = [{ productId, quantity: 1 }];
    await stock.reserve(orderId, lines, 60_000);
    await stock.reserve(orderId, lines, 600_000);
    await stock.reserve(orderId, lines, 30_000);
    const [row] = await catalogue.database.query<{ left: number }>(
      'SELECT extract(epoch FROM expires_at - now())::int AS left FROM reservations WHERE order_id = $1',
      [orderId],
    );
    expect(row?.left).toBeGreaterThan(500);
  });

  it('stays committed when it is released later', async () => {
    const second = await holdFour();
    await stock.commit(second.orderId);
    await stock.commit(second.orderId);
    expect(await stock.release(second.orderId)).toMatchObject({ status: 'COMMITTED' });
    expect(await catalogue.readStock(second.productId)).toBe(6);
  });

  it('is sold or returned, never both, under concurrent requests', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { productId, orderId } = await holdFour();
      await Promise.all([stock.commit(orderId), stock.release(orderId)]);
      const end = await stock.release(orderId);
      expect(await catalogue.readStock(productId)).toBe(end?.status === 'RELEASED' ? 10 : 6);
    }
  });

  it('may be followed by another reservation of the same order, with other lines', async () => {
    const { productId, orderId } = await holdFour();
    await stock.release(orderId);
    const again = await stock.reserve(orderId, [{ productId, quantity: 1 }], 1_200_000);
    expect(again).toMatchObject({ status: 'HELD', lines: [{ quantity: 1 }] });
    expect(await catalogue.readStock(productId)).toBe(9);
    const [row] = await catalogue.database.query<{ left: number }>(
      'SELECT extract(epoch FROM expires_at - now())::int AS left FROM reservations WHERE order_id = $1',
      [orderId],
    );
    expect(row?.left).toBeGreaterThan(900);
    await stock.release(orderId);
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('comes automatically when it expires, and only then', async () => {
    const kept = await holdFour();
    const { id: productId } = await catalogue.addProduct();
    const orderId = randomUUID();
    await stock.reserve(orderId, [{ productId, quantity: 10 }], 700);
    expect(await catalogue.readStock(productId)).toBe(0);
    await eventually(async () => expect(await catalogue.readStock(productId)).toBe(10), 5_000);
    expect(await stock.release(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(kept.productId)).toBe(6);
  });

  it('comes although the release of an older hold fails, which is retried', async () => {
    const { id: stuck } = await catalogue.addProduct();
    const { id: other } = await catalogue.addProduct();
    const orderId = randomUUID();
    await catalogue.database.query(
      `ALTER TABLE products ADD CONSTRAINT stuck CHECK (id <> '${stuck}' OR stock <> 10) NOT VALID`,
    );
    await stock.reserve(orderId, [{ productId: stuck, quantity: 1 }], 300);
    await stock.reserve(randomUUID(), [{ productId: other, quantity: 1 }], 600);
    await eventually(async () => expect(await catalogue.readStock(other)).toBe(10), 20_000);
    expect(await catalogue.readStock(stuck)).toBe(9);
    expect(catalogue.logged).toContainEqual(
      expect.objectContaining({ order_id: orderId, msg: 'stock not released' }),
    );
    await catalogue.database.query('ALTER TABLE products DROP CONSTRAINT stuck');
    await eventually(async () => expect(await catalogue.readStock(stuck)).toBe(10), 20_000);
  });

  it('is null for an order that has none', async () => {
    expect(await stock.commit(randomUUID())).toBeNull();
    expect(await stock.release(randomUUID())).toBeNull();
  });
});

describe('reserved stock that has ended', () => {
  it('balances: each unit is in stock, held or sold', async () => {
    expect(await countUnits(catalogue)).toEqual(Object.fromEntries(catalogue.startingStock));
  });
});
