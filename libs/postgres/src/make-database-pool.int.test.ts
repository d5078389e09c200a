import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { makeDatabasePool } from './make-database-pool.ts';
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
