import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { readDemoAccounts } from '../start/demo-passwords.ts';
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

const seed = () =>
  seedAccounts(
    database.url,
    readDemoAccounts({ HOST: '127.0.0.1', DEMO_ADMIN_PASSWORD: 'a', DEMO_SHOPPER_PASSWORD: 'b' }),
  );

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
    expect(await seed()).toBe(2);
    expect(await readMarked()).toEqual(['admin@example.com', 'shopper@example.com']);
    expect(await seed()).toBe(0);
  });

  it('are marked by the migration where they were made before it', async () => {
    await seed();
    await migrateFromBefore();
    expect(await readMarked()).toEqual(['admin@example.com', 'shopper@example.com']);
  });

  it('are not what strangers registered before the migration', async () => {
    await seed();
    await database.query(`UPDATE users SET role = 'USER'`);
    await migrateFromBefore();
    expect(await readMarked()).toEqual([]);
  });
});
