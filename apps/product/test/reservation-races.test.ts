import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inTransaction } from '@cartograph/postgres';
import { eventually } from '@cartograph/testing';
import type { PoolClient } from 'pg';
import { makePostgresReservationStore } from '../src/db/make-postgres-reservation-store.ts';
import { CAUSE, inMinutes, openReservations, type OpenReservations } from './open-reservations.ts';

let shop: OpenReservations;

beforeAll(async () => {
  shop = await openReservations(4);
});

afterAll(() => shop.close());

const units = (productIds: readonly string[], quantity: number) =>
  productIds.map((productId) => ({ productId, quantity }));

/** How many statements `work` sends, in transactions too, and its result. */
const countStatements = async <Result>(work: () => Promise<Result>) => {
  const query = vi.spyOn(shop.pool, 'query');
  const connect = vi.spyOn(shop.pool, 'connect');
  try {
    const result = await work();
    // pg's own pool.query connects with a callback; a transaction connects without.
    const transactions = connect.mock.calls.filter(([callback]) => callback === undefined).length;
    return { result, statements: query.mock.calls.length, transactions };
  } finally {
    query.mockRestore();
    connect.mockRestore();
  }
};

describe('what an order needs', () => {
  it('is one statement each, without a transaction', async () => {
    const ids = await shop.addProducts([50, 50]);
    const [sold, released, closed] = [randomUUID(), randomUUID(), randomUUID()];
    const { store } = shop;
    const once = async (work: () => Promise<unknown>, status: string) => {
      const { result, ...sent } = await countStatements(work);
      expect(result).toMatchObject({ status, lines: [{ quantity: 2 }, { quantity: 2 }] });
      expect(sent).toEqual({ statements: 1, transactions: 0 });
    };
    for (const orderId of [sold, released, closed]) {
      await once(() => store.reserve(orderId, units(ids, 2), inMinutes(1)), 'HELD');
    }
    await once(() => store.commit(sold), 'COMMITTED');
    await once(() => store.release(released, CAUSE), 'RELEASED');
    await once(() => store.close(closed, CAUSE), 'RELEASED');
    await shop.expectBalance();
  });

  it('is two statements for an order that is short', async () => {
    const ids = await shop.addProducts([1]);
    const { result, ...sent } = await countStatements(() =>
      shop.store.reserve(randomUUID(), units(ids, 2), inMinutes(1)),
    );
    expect(result).toMatchObject({ code: 'OUT_OF_STOCK' });
    expect(sent).toEqual({ statements: 2, transactions: 0 });
  });
});

/** Runs `work` while `change` is made but not committed, and `work` waits for it. */
const whileWaiting = async <Result>(
  change: (client: PoolClient) => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> => {
  let waiting: Promise<Result> | null = null;
  await inTransaction(shop.pool, async (client) => {
    await change(client);
    waiting = work();
    await eventually(async () =>
      expect(
        await shop.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        ),
      ).toHaveLength(1),
    );
  });
  if (!waiting) throw new Error('nothing waited');
  return waiting;
};

/** The store in a transaction: each of its statements runs on `client`. */
const storeOn = (client: PoolClient) =>
  makePostgresReservationStore(
    { query: client.query.bind(client), connect: () => Promise.resolve(client) } as never,
    5,
  );

describe('a statement that waited for another', () => {
  /** Releases a hold, and reserves other lines for its order. */
  const replaceLines =
    (orderId: string, lines: readonly string[]) => async (client: PoolClient) => {
      await client.query('SELECT FROM products WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [
        lines,
      ]);
      await storeOn(client).release(orderId, CAUSE);
      await client.query('DELETE FROM reservation_lines WHERE order_id = $1', [orderId]);
      await client.query(
        "UPDATE reservations SET status = 'HELD', updated_at = now() WHERE order_id = $1",
        [orderId],
      );
      await client.query(
        `INSERT INTO reservation_lines
         (order_id, product_id, quantity, sku, name, price_cents, currency)
       SELECT $1, id, 3, sku, name, price_cents, currency FROM products WHERE id = ANY($2)`,
        [orderId, lines],
      );
      await client.query('UPDATE products SET stock = stock - 3 WHERE id = ANY($1)', [lines]);
      await client.query(
        `INSERT INTO stock_movements
         (product_id, kind, stock_delta, held_delta, order_id, actor, reason, created_at)
       SELECT id, 'RESERVED', -3, 3, $1, 'order', 'order placed', now()
       FROM products WHERE id = ANY($2)`,
        [orderId, lines],
      );
    };

  it.each([
    ['sells', 'COMMITTED', (orderId: string) => shop.store.commit(orderId)],
    ['releases', 'RELEASED', (orderId: string) => shop.store.release(orderId, CAUSE)],
    ['closes', 'RELEASED', (orderId: string) => shop.store.close(orderId, CAUSE)],
  ])('%s the lines that the order has now, not those of before', async (_what, status, work) => {
    const [first = '', second = ''] = await shop.addProducts([10, 10]);
    const orderId = randomUUID();
    await shop.store.reserve(orderId, units([first], 2), inMinutes(1));
    const result = await whileWaiting(replaceLines(orderId, [second]), () => work(orderId));
    expect(result).toMatchObject({ status, lines: [{ productId: second, quantity: 3 }] });
    expect(await shop.readStock(first)).toBe(10);
    expect(await shop.readStock(second)).toBe(status === 'COMMITTED' ? 7 : 10);
    await shop.expectBalance();
  });

  it('answers a repeat with the reservation, though its stock is gone', async () => {
    const [id = ''] = await shop.addProducts([2]);
    const orderId = randomUUID();
    const reserve = (client?: PoolClient) =>
      (client ? storeOn(client) : shop.store).reserve(orderId, units([id], 2), inMinutes(1));
    const repeated = await whileWaiting(reserve, reserve);
    expect(repeated).toMatchObject({ status: 'HELD', lines: [{ quantity: 2 }] });
    expect(await shop.readStock(id)).toBe(0);
    await shop.expectBalance();
  });

  it('reserves the stock that another order returned, and says what is left of it', async () => {
    const [id = ''] = await shop.addProducts([4]);
    const other = randomUUID();
    await shop.store.reserve(other, units([id], 4), inMinutes(1));
    const release = (client: PoolClient) => storeOn(client).release(other, CAUSE);
    const short = await whileWaiting(release, () =>
      shop.store.reserve(randomUUID(), units([id], 5), inMinutes(1)),
    );
    expect(short).toMatchObject({ code: 'OUT_OF_STOCK', shortages: [{ available: 4 }] });
    await shop.store.reserve(other, units([id], 4), inMinutes(1));
    const reserved = await whileWaiting(release, () =>
      shop.store.reserve(randomUUID(), units([id], 3), inMinutes(1)),
    );
    expect(reserved).toMatchObject({ status: 'HELD' });
    expect(await shop.readStock(id)).toBe(1);
  });

  it('refuses a product that was archived meanwhile', async () => {
    const [id = ''] = await shop.addProducts([4]);
    const archive = (client: PoolClient) =>
      client.query('UPDATE products SET archived_at = now() WHERE id = $1', [id]);
    const refused = await whileWaiting(archive, () =>
      shop.store.reserve(randomUUID(), units([id], 1), inMinutes(1)),
    );
    expect(refused).toMatchObject({ code: 'PRODUCT_NOT_FOUND', productId: id });
  });

  it('closes a reservation that was being made', async () => {
    const [id = ''] = await shop.addProducts([4]);
    const orderId = randomUUID();
    const closed = await whileWaiting(
      (client) => storeOn(client).reserve(orderId, units([id], 3), inMinutes(1)),
      () => shop.store.close(orderId, CAUSE),
    );
    expect(closed).toMatchObject({ status: 'RELEASED', lines: [{ quantity: 3 }] });
    expect(await shop.readStock(id)).toBe(4);
    expect(await shop.store.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    await shop.expectBalance();
  });
});
