import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { makePostgresReservationStore } from '../src/db/make-postgres-reservation-store.ts';
import { makeReservationPool } from '../src/db/make-database.ts';
import { FIND_EXPIRED } from '../src/db/reservations/find-expired-holds.ts';
import { makeReservations } from '../src/domain/reservations.ts';

let testDatabase: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('product');
  pool = makeReservationPool({ databaseUrl: testDatabase.url, databasePoolSize: 2 });
});

afterAll(async () => {
  await pool.end();
  await testDatabase.drop();
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

describe('the sweep of expired holds', () => {
  it('finds holds that have expired, the oldest first, without excluded ones', async () => {
    const states = [
      ['HELD', -1],
      ['HELD', -3],
      ['HELD', -2],
      ['HELD', 10],
      ['COMMITTED', -5],
      ['RELEASED', -5],
    ] as const;
    const ids = states.map(() => randomUUID());
    for (const [index, [status, minutes]] of states.entries()) {
      await testDatabase.query(
        `INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, now(), now())`,
        [ids[index], status, inMinutes(minutes)],
      );
    }
    const { findExpired } = makePostgresReservationStore(pool, 5);
    const [last, first, middle] = ids;
    expect(await findExpired(new Date(), 100, [])).toEqual([first, middle, last]);
    expect(await findExpired(new Date(), 2, [])).toEqual([first, middle]);
    expect(await findExpired(new Date(), 2, [String(first)])).toEqual([middle, last]);
    await testDatabase.query('DELETE FROM reservations');
  });

  it('reads only holds, by their index, however many reservations have ended', async () => {
    await testDatabase.query(
      `INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at)
       SELECT gen_random_uuid(),
         (CASE WHEN n % 1000 = 0 THEN 'HELD' ELSE 'COMMITTED' END)::reservation_status,
         now() + make_interval(secs => n % 900 - 600), now(), now()
       FROM generate_series(1, 20000) AS n`,
    );
    await testDatabase.query('VACUUM ANALYZE reservations');
    const plan = await testDatabase.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${FIND_EXPIRED}`,
      [new Date().toISOString(), 100, []],
    );
    const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
    await testDatabase.query('DELETE FROM reservations');
    expect(lines).toMatch(/on reservations_held_idx/);
    expect(lines).not.toMatch(/Seq Scan|Rows Removed/);
  });

  it('keeps a hold that was prolonged after it was found, and releases the others', async () => {
    const [product] = await testDatabase.query<{ id: string }>(
      `INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
         created_at, updated_at)
       VALUES (gen_random_uuid(), 'A-1', 'A thing', '', 'things', 1999, 'EUR', 10, now(), now())
       RETURNING id`,
    );
    const store = makePostgresReservationStore(pool, 5);
    const [prolonged, forgotten] = [randomUUID(), randomUUID()];
    const hold = (orderId: string, quantity: number, until: Date) =>
      store.reserve(orderId, [{ productId: product?.id ?? '', quantity }], until);
    await hold(prolonged, 4, inMinutes(-1));
    await hold(forgotten, 3, inMinutes(-1));

    const { releaseExpired } = makeReservations({
      ...store,
      findExpired: async (...asked) => {
        const found = await store.findExpired(...asked);
        await hold(prolonged, 4, inMinutes(10));
        return found;
      },
    });
    const onFailure = (_orderId: string, error: unknown): never => {
      throw error;
    };
    expect(await releaseExpired(100, new Set(), onFailure)).toBe(2);
    expect(
      await testDatabase.query('SELECT order_id, status::text FROM reservations ORDER BY status'),
    ).toEqual([
      { order_id: prolonged, status: 'HELD' },
      { order_id: forgotten, status: 'RELEASED' },
    ]);
    expect(await testDatabase.query('SELECT stock FROM products')).toEqual([{ stock: 6 }]);
  });
});
