import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { RequestCancelled, runToCompletion, runWithin } from '@cartograph/resilience';
import { makeCancellablePool } from './make-cancellable-pool.ts';

const SIZE = 2;

/** Longer than any test. */
const FOREVER = 'SELECT pg_sleep(600)';

let database: TestDatabase;
let pool: Pool;
let failures: unknown[];

beforeEach(async () => {
  database = await makeTestDatabase();
  failures = [];
  pool = makeCancellablePool(
    { connectionString: database.url, max: SIZE, connectionTimeoutMillis: 60_000 },
    (error) => failures.push(error),
  );
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

const countActive = async (text = FOREVER): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query = $1`,
    [text],
  );
  return row?.count ?? 0;
};

const untilActive = (count: number, text?: string) =>
  eventually(async () => expect(await countActive(text)).toBe(count));

/** A request to run work in, and to cancel. */
const request = () => {
  const controller = new AbortController();
  return {
    run: <Result>(work: () => Result): Result =>
      runWithin({ deadline: null, signal: controller.signal }, work),
    reason: new RequestCancelled('client disconnected'),
    cancel(): void {
      controller.abort(this.reason);
    },
  };
};

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => error);

describe('a statement of a request', () => {
  it('is cancelled with it, and its connection serves the next statement', async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = request();
      const outcome = outcomeOf(one.run(() => pool.query(FOREVER)));
      if (round % 2 === 0) await untilActive(1);
      one.cancel();
      expect(await outcome).toBe(one.reason);
      await untilActive(0);
      const next = await Promise.all(
        Array.from({ length: 2 * SIZE }, () => pool.query<{ two: number }>('SELECT 2 AS two')),
      );
      expect(next.map(({ rows }) => rows[0]?.two)).toEqual([2, 2, 2, 2]);
    }
    expect(failures).toEqual([]);
    expect(pool.totalCount).toBeLessThanOrEqual(SIZE);
  });

  it('is cancelled while it waits for a lock', async () => {
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await database.query('CREATE TABLE users ()');
    await holder.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const one = request();
    const text = 'SELECT count(*) FROM users';
    const outcome = outcomeOf(one.run(() => pool.query(text)));
    await untilActive(1, text);
    one.cancel();
    expect(await outcome).toBe(one.reason);
    await untilActive(0, text);
    await holder.query('ROLLBACK');
    holder.release();
  });

  it('is not sent when the request was cancelled before, also while it waited for a connection', async () => {
    const busy = await Promise.all(Array.from({ length: SIZE }, () => pool.connect()));
    const [one, other] = [request(), request()];
    const waiting = outcomeOf(one.run(() => pool.query(FOREVER)));
    one.cancel();
    expect(await waiting).toBe(one.reason);
    other.cancel();
    expect(await outcomeOf(other.run(() => pool.query(FOREVER)))).toBe(other.reason);
    for (const client of busy) client.release();
    await pool.query('SELECT 1');
    expect(await countActive()).toBe(0);
  });

  it('returns its rows or its error while the request is not cancelled', async () => {
    const one = request();
    const { rows } = await one.run(() => pool.query<{ one: number }>({ text: 'SELECT 1 AS one' }));
    expect(rows).toEqual([{ one: 1 }]);
    await expect(one.run(() => pool.query('SELECT 1 / 0'))).rejects.toMatchObject({
      code: '22012',
    });
    one.cancel();
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
  });

  it('is cancelled alone, not the statement of another request', async () => {
    const [one, other] = [request(), request()];
    const text = 'SELECT pg_sleep(0.5), 7 AS seven';
    const completed = other.run(() => pool.query<{ seven: number }>(text));
    const outcome = outcomeOf(one.run(() => pool.query(FOREVER)));
    await untilActive(1);
    one.cancel();
    expect(await outcome).toBe(one.reason);
    expect((await completed).rows[0]?.seven).toBe(7);
  });
});

describe('a statement that changes data', () => {
  it('is not cancelled in a transaction, nor in runToCompletion', async () => {
    const one = request();
    const text = 'SELECT pg_sleep(0.5), 7 AS seven';
    const transaction = one.run(async () => {
      const client = await pool.connect();
      const { rows } = await client.query<{ seven: number }>(text).finally(() => client.release());
      return rows[0]?.seven;
    });
    const steps = one.run(() =>
      runToCompletion(async () => {
        await pool.query(text);
        return (await pool.query<{ seven: number }>('SELECT 7 AS seven')).rows[0]?.seven;
      }),
    );
    await untilActive(2, text);
    one.cancel();
    expect(await Promise.all([transaction, steps])).toEqual([7, 7]);
  });
});

describe('a lost connection', () => {
  it('fails its statement, and does not end the process', async () => {
    const one = request();
    const outcome = outcomeOf(one.run(() => pool.query(FOREVER)));
    await untilActive(1);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query = $1`,
      [FOREVER],
    );
    expect(await outcome).toBeInstanceOf(Error);
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
  });
});
