import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOverload } from '@cartograph/postgres';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { withProductDatabase } from '../src/commands/product-database.ts';
import { closeCatalogue, openCatalogue, type CatalogueDatabase } from '../src/db/make-database.ts';
import { makePrismaProductStore } from '../src/db/make-prisma-product-store.ts';
import { CAUSE, STORE } from './open-import.ts';

const ID = '01890000-0000-7000-8000-000000000001';

let tests: TestDatabase;
let catalogue: CatalogueDatabase;

beforeAll(async () => {
  tests = await makeTestDatabase('product');
  const databaseUrl = `${tests.url}?options=-c%20lock_timeout%3D100ms`;
  catalogue = openCatalogue({ databaseUrl, databasePoolSize: 2 });
  await tests.query(
    `INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
       created_at, updated_at)
     VALUES ($1, 'A', 'A', '', 'things', 1, 'EUR', 1, now(), now())`,
    [ID],
  );
});

afterAll(async () => {
  await closeCatalogue(catalogue);
  await tests.drop();
});

/** Runs `work` while another transaction holds what `lock` locks. @returns its error */
const failWhileLocked = async (lock: string, work: () => Promise<unknown>): Promise<unknown> => {
  await tests.query('BEGIN');
  try {
    await tests.query(lock);
    return await work().then(
      () => null,
      (error: unknown) => error,
    );
  } finally {
    await tests.query('ROLLBACK');
  }
};

describe('a change of the catalogue that waits too long', () => {
  const change = () =>
    makePrismaProductStore(catalogue, STORE).updateProduct(ID, 1, { name: 'New' });

  it.each([
    ['another change', 'SELECT pg_advisory_xact_lock(7001)', change],
    ['the row', 'SELECT 1 FROM products FOR UPDATE', change],
    [
      'the row, to adjust stock',
      'SELECT 1 FROM products FOR UPDATE',
      () => makePrismaProductStore(catalogue, STORE).addStock(ID, 1, 100, CAUSE),
    ],
  ])('for %s fails as an overload', async (_what, lock, work) => {
    expect(isOverload(await failWhileLocked(lock, work))).toBe(true);
    expect(catalogue.pool.idleCount).toBe(catalogue.pool.totalCount);
  });
});

it('a command waits for a lock as long as a batch of an import may take', async () => {
  const [row] = await withProductDatabase(
    tests.url,
    (database) => database.$queryRaw<{ lock_timeout: string }[]>`SHOW lock_timeout`,
  );
  expect(row).toEqual({ lock_timeout: '2min' });
});
