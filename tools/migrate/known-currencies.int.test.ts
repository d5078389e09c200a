import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CURRENCIES } from '@cartograph/money';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';

const CHECKS = {
  product: ['products_currency_check', 'reservation_lines_currency_check'],
  order: ['orders_currency_check'],
  payment: ['payments_currency_check', 'simulator_charges_currency_check'],
} as const;

const SERVICES = Object.keys(CHECKS) as (keyof typeof CHECKS)[];

const findChecks = ({ query }: TestDatabase) =>
  query<{ name: string; validated: boolean; definition: string }>(
    `SELECT conname AS name, convalidated AS validated, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE conname LIKE '%\\_currency\\_check' ORDER BY conname`,
  );

describe.each(SERVICES)('the database of %s', (service) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await makeTestDatabase(service);
  });

  afterAll(() => database.drop());

  it('takes the currencies of the shop and no others, in every table that has one', async () => {
    const columns = await database.query<{ name: string }>(
      `SELECT table_name || '_currency_check' AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'currency' ORDER BY 1`,
    );
    const checks = await findChecks(database);
    expect(columns.map(({ name }) => name)).toEqual(CHECKS[service]);
    expect(checks.map(({ name }) => name)).toEqual(CHECKS[service]);
    for (const { validated, definition } of checks) {
      expect(validated).toBe(true);
      expect([...definition.matchAll(/'(\w+)'/g)].map(([, code]) => code)).toEqual(CURRENCIES);
    }
  });
});

describe('a database with a row of an unknown currency', () => {
  const FILE = new URL(
    '../../prisma/product/migrations/20261129040000_known_currencies/migration.sql',
    import.meta.url,
  );
  const insert = (sku: string) =>
    `INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
       created_at, updated_at)
     VALUES (gen_random_uuid(), '${sku}', 'x', '', 'general', 1, 'ERU', 1, now(), now())`;

  it('is upgraded, and takes no other such row', async () => {
    const database = await makeTestDatabase('product');
    await database.query(`ALTER TABLE products DROP CONSTRAINT products_currency_check`);
    await database.query(
      `ALTER TABLE reservation_lines DROP CONSTRAINT reservation_lines_currency_check`,
    );
    await database.query(insert('old'));
    await database.query(await readFile(FILE, 'utf8'));
    const checks = await findChecks(database);
    expect(checks.map(({ validated }) => validated)).toEqual([false, false]);
    await expect(database.query(insert('new'))).rejects.toThrow('products_currency_check');
    await database.drop();
  });
});
