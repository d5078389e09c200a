import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { seedAccounts } from './accounts.ts';

const MIGRATION = new URL(
  '../../prisma/user/migrations/20261129110000_demo_accounts/migration.sql',
  import.meta.url,
);

let database: TestDatabase;

beforeEach(async () => {
  database = await makeTestDatabase('user');
});

afterEach(() => database.drop());

const readMarked = async () => {
  const rows = await database.query<{ email: string }>(
    'SELECT email FROM users WHERE is_demo ORDER BY email',
  );
  return rows.map(({ email }) => email);
};

const migrateFromBefore = async () => {
  await database.query('ALTER TABLE users DROP COLUMN is_demo');
  await database.query(await readFile(MIGRATION, 'utf8'));
};

describe('the demo accounts of npm start', () => {
  it('are marked, so that production knows them, and are made once', async () => {
    expect(await seedAccounts(database.url)).toBe(2);
    expect(await readMarked()).toEqual(['admin@example.com', 'shopper@example.com']);
    expect(await seedAccounts(database.url)).toBe(0);
  });

  it('are marked by the migration where they were made before it', async () => {
    await seedAccounts(database.url);
    await migrateFromBefore();
    expect(await readMarked()).toEqual(['admin@example.com', 'shopper@example.com']);
  });

  it('are not what strangers registered before the migration', async () => {
    await seedAccounts(database.url);
    await database.query(`UPDATE users SET role = 'USER'`);
    await migrateFromBefore();
    expect(await readMarked()).toEqual([]);
  });
});
