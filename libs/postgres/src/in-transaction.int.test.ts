import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import type { Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';
import { openPool } from './open-pool.ts';

let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await makeTestDatabase();
  await database.query('CREATE TABLE notes (text text)');
  pool = openPool({ name: 'test', databaseUrl: database.url, max: 1, onLost: () => {} });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

const write = (then: () => void) =>
  inTransaction(pool, async (client) => {
    await client.query("INSERT INTO notes VALUES ('written')");
    then();
    return 'done';
  });

describe('a transaction', () => {
  it('is committed, and its result returned', async () => {
    expect(await write(() => {})).toBe('done');
    expect(await database.query('SELECT text FROM notes')).toEqual([{ text: 'written' }]);
  });

  it('is rolled back when its work throws, and its connection is used again', async () => {
    const failing = write(() => {
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect((await pool.query('SELECT text FROM notes')).rows).toEqual([]);
  });

  it('that lost its connection does not leave it in the pool', async () => {
    const lost = inTransaction(pool, (client) =>
      client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(lost).rejects.toThrow('terminating connection');
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
