import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { openPool } from './open-pool.ts';

let database: TestDatabase;
let pool: Pool;
let lost: Error[];

beforeEach(async () => {
  database = await makeTestDatabase();
  lost = [];
  pool = openPool({
    name: 'test',
    databaseUrl: database.url,
    max: 2,
    queryTimeoutMs: 2_000,
    onLost: (error) => void lost.push(error),
  });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

const pidOf = async (client: Pick<Pool, 'query'>): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;

const terminate = (pid: number) => database.query('SELECT pg_terminate_backend($1)', [pid]);

describe('a connection whose backend is terminated', () => {
  it('in use is reported, does not end the process, and is replaced', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await terminate(await pidOf(client));
    await eventually(() => expect(lost.length).toBeGreaterThan(0));
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('during a statement fails that statement alone', async () => {
    const client = await pool.connect();
    const pid = await pidOf(client);
    const running = client.query('SELECT pg_sleep(60)');
    const failed = expect(running).rejects.toThrow();
    await terminate(pid);
    await failed;
    client.release(true);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('in the idle pool is reported, and replaced', async () => {
    await terminate(await pidOf(pool));
    await eventually(() => expect(lost.length).toBeGreaterThan(0));
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a pool that ends', () => {
  it('serves the callers that wait for a connection first', async () => {
    const ending = openPool({ name: 'test', databaseUrl: database.url, max: 1, onLost: () => {} });
    const client = await ending.connect();
    const waiting = ending.connect();
    const ended = ending.end();
    client.release();
    (await waiting).release();
    await ended;
  });

  it('ends once, however often it is told to', async () => {
    const ending = openPool({ name: 'test', databaseUrl: database.url, max: 1, onLost: () => {} });
    await ending.query('SELECT 1');
    await Promise.all([ending.end(), ending.end()]);
    await ending.end();
    expect(ending.totalCount).toBe(0);
  });
});

describe('a timeout', () => {
  it('ends a statement, in the database too', async () => {
    await expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow(/timeout/i);
    await eventually(async () =>
      expect(
        await database.query(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()",
        ),
      ).toEqual([]),
    );
  });

  it('is set for connecting, and for the probes of a connection', () => {
    const { connectionTimeoutMillis, keepAlive, keepAliveInitialDelayMillis } = pool.options;
    expect({ connectionTimeoutMillis, keepAlive }).toEqual({
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    // Zero would leave the pause before the first probe to the system: two hours.
    expect(keepAliveInitialDelayMillis).toBeGreaterThan(0);
  });

  it('ends the transaction of a lost process, but no slow batch', async () => {
    const { rows } = await pool.query<{ ms: number }>(
      `SELECT setting::int AS ms FROM pg_settings
       WHERE name = 'idle_in_transaction_session_timeout'`,
    );
    // A broker gets events for a minute, and some timeouts of five seconds.
    expect(rows[0]?.ms).toBeGreaterThan(120_000);
    expect(rows[0]?.ms).toBeLessThanOrEqual(600_000);
  });
});
