import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { makeTestDatabase } from '@cartograph/testing';
import { closeCatalogue, makeReservationPool, openCatalogue } from '../src/db/make-database.ts';
import { makePrismaCatalogueAuditor } from '../src/db/make-prisma-catalogue-auditor.ts';
import { makePrismaCatalogueImport } from '../src/db/make-prisma-catalogue-import.ts';
import type { ImportedProduct } from '../src/domain/catalogue-import.ts';

export const LOW_STOCK = 5;

/** Options of a store in tests in which hidden rows are an error. */
export const STORE = {
  lowStock: LOW_STOCK,
  report: (fault: object) => {
    throw new Error(JSON.stringify(fault));
  },
};

export const CAUSE = { actor: 'import', reason: 'import of a.json' };

/** A product of a file: ten of it at 19.99 euros unless `fields` say otherwise. */
export const makeProduct = (fields: Partial<ImportedProduct> = {}): ImportedProduct => ({
  sku: randomUUID(),
  name: 'A thing',
  description: 'Of oak.',
  price: { amount: 1999, currency: 'EUR' },
  stock: 10,
  category: 'things',
  imageUrl: null,
  ...fields,
});

/** Opens the import on a database of its own. */
export const openImport = async () => {
  const tests = await makeTestDatabase('product');
  const config = { databaseUrl: tests.url, databasePoolSize: 10 };
  const catalogue = openCatalogue(config);
  const { database } = catalogue;
  const pool = makeReservationPool(config);
  const audit = () => makePrismaCatalogueAuditor(database).audit();
  return {
    catalogue,
    database,
    pool,
    query: tests.query,
    audit,
    write: (products: readonly ImportedProduct[], setsStock = false) =>
      makePrismaCatalogueImport(database, LOW_STOCK).writeProducts(products, CAUSE, setsStock),
    /** The rows as they are stored, and which transaction wrote each of them last. */
    readRows: (products: readonly ImportedProduct[]) =>
      tests.query<Record<string, unknown>>(
        'SELECT *, xmin FROM products WHERE sku = ANY($1) ORDER BY sku',
        [products.map(({ sku }) => sku)],
      ),
    readMovements: (sku: string) =>
      tests.query(
        `SELECT kind, stock_delta, held_delta, actor, reason FROM stock_movements
         JOIN products ON products.id = product_id WHERE sku = $1 ORDER BY stock_movements.id`,
        [sku],
      ),
    expectBalance: async () => {
      const { imbalances, miscounts } = await audit();
      expect({ imbalances, miscounts }).toEqual({ imbalances: [], miscounts: [] });
    },
    close: async () => {
      await closeCatalogue(catalogue);
      await pool.end();
      await tests.drop();
    },
  };
};

export type OpenImport = Awaited<ReturnType<typeof openImport>>;
