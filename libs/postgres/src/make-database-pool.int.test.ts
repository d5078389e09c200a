import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { makeDatabasePool, type StatementLimits } from './make-database-pool.ts';
import { prismaOptions } from './prisma-options.ts';

let database: TestDatabase;
let pools: Pool[];

beforeEach(async () => {
  database = await makeTestDatabase();
  pools = [];
});

afterEach(async () => {
  for (const pool of pools) await pool.end();
  await database.drop();
});

const openWith = (parameters: string): Pool => {
  const pool = makeDatabasePool({
    databaseUrl: `${database.url}${parameters}`,
    databasePoolSize: 1,
  });
  pools.push(pool);
  return pool;
};

const listPrepared = async (pool: Pool): Promise<readonly string[]> =>
  (
    await pool.query<{ name: string }>('SELECT name FROM pg_prepared_statements ORDER BY name')
  ).rows.map(({ name }) => name);

describe('a statement that begins with its name', () => {
  it('is prepared once per connection, each text under a name of its own', async () => {
    const pool = openWith('');
    for (const value of [1, 2]) {
      const { rows } = await pool.query('/* test.add */ SELECT $1::int + 1 AS sum', [value]);
      expect(rows).toEqual([{ sum: value + 1 }]);
    }
    const text = '/* test.add */ SELECT $1::int + 2 AS sum';
    expect((await pool.query({ text, values: [1] })).rows).toEqual([{ sum: 3 }]);
    expect(await listPrepared(pool)).toEqual(['test.add', 'test.add:2']);
  });

  it('is prepared for Prisma too, in and outside of transactions', async () => {
    const { adapter } = prismaOptions({ databaseUrl: database.url, databasePoolSize: 1 });
    const connection = await adapter.connect();
    const query = { sql: '/* test.prisma */ SELECT 1', args: [], argTypes: [] };
    await connection.queryRaw(query);
    const prepared = { ...query, sql: 'SELECT name FROM pg_prepared_statements' };
    expect((await connection.queryRaw(prepared)).rows).toEqual([['test.prisma']]);
    const inTransaction = await connection.startTransaction();
    await inTransaction.queryRaw({ ...query, sql: '/* test.transaction */ SELECT 1' });
    await inTransaction.executeRaw({ ...query, sql: 'COMMIT' });
    await inTransaction.commit();
    expect((await connection.queryRaw(prepared)).rows.flat().sort()).toEqual([
      'test.prisma',
      'test.transaction',
    ]);
    await connection.dispose();
  });

  it('is not prepared where the address of the database says so', async () => {
    const pool = openWith('?prepared_statements=false');
    expect((await pool.query('/* test.off */ SELECT $1::int AS one', [1])).rows).toEqual([
      { one: 1 },
    ]);
    expect(await listPrepared(pool)).toEqual([]);
  });
});

describe('other statements', () => {
  it('are not prepared', async () => {
    const pool = openWith('');
    await pool.query('SELECT $1::int', [1]);
    await pool.query('/* a comment */ SELECT $1::int', [1]);
    await pool.query('/* test.without-values */ SELECT 1');
    expect(await listPrepared(pool)).toEqual([]);
  });
});

describe('a pool', () => {
  const readLimits = async (parameters: string, limits?: StatementLimits) => {
    const databaseUrl = `${database.url}${parameters}`;
    const pool = makeDatabasePool({ databaseUrl, databasePoolSize: 1 }, () => {}, limits);
    pools.push(pool);
    const { rows } = await pool.query<{ name: string; ms: number }>(
      `SELECT name, setting::int AS ms FROM pg_settings
       WHERE name IN ('idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout')`,
    );
    return Object.fromEntries(rows.map(({ name, ms }) => [name, ms]));
  };

  const DEFAULTS = {
    idle_in_transaction_session_timeout: 30_000,
    lock_timeout: 10_000,
    statement_timeout: 0,
  };

  it('limits waits for locks and the pauses of a transaction, and no long statement', async () => {
    expect(await readLimits('')).toEqual(DEFAULTS);
    const limits = { lockTimeoutMs: 20_000, queryTimeoutMs: 40_000 };
    expect(await readLimits('', limits)).toEqual({
      ...DEFAULTS,
      lock_timeout: 20_000,
      statement_timeout: 40_000,
    });
  });

  it.each([
    ['?options=-c%20lock_timeout%3D5s', { lock_timeout: 5_000 }],
    [
      '?options=--lock-timeout%3D5s%20-c%20statement_timeout%3D1min',
      { lock_timeout: 5_000, statement_timeout: 60_000 },
    ],
    [
      '?options=-cidle_in_transaction_session_timeout%3D0',
      { idle_in_transaction_session_timeout: 0 },
    ],
    ['?lock_timeout=5000', { lock_timeout: 5_000 }],
    ['?options=-c%20work_mem%3D8MB', {}],
    ['?options=-c%20deadlock_timeout%3D200ms', {}],
  ])('has the settings of its address: %s', async (parameters, settings) => {
    expect(await readLimits(parameters)).toEqual({ ...DEFAULTS, ...settings });
  });
});
