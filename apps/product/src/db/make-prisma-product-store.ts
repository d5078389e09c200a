import { problem } from '@cartograph/errors';
import { onConstraint } from '@cartograph/postgres';
import type { ReportFault } from '@cartograph/validation';
import type { ProductChange, ProductStore } from '../domain/product-store.ts';
import type { Product } from '../domain/product.ts';
import type { CatalogueDatabase, Transaction } from './make-database.ts';
import { recordAdjustments } from './move-stock.ts';
import { writeLowStock } from './outbox.ts';
import { countProducts, listProducts } from './product-list.ts';
import { findProductRows, findProductRowsBySku } from './read-products.ts';
import { makeProductReader, type ProductRow } from './rows.ts';

/** An advisory lock's key, unique in this database. */
const CATALOGUE_LOCK = 7_001;

/**
 * Serializes changes of the catalogue until the end of the transaction. Each also changes shared
 * rows (search words, categories), so that concurrent changes could deadlock. Changes of stock,
 * which come with every order, do not need this lock.
 */
export const lockCatalogue = async (tx: Transaction): Promise<void> => {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK})`;
};

const toColumns = ({ price, images, ...change }: ProductChange) => ({
  ...change,
  ...(change.imageUrl === null && { furtherImageUrls: [] }),
  ...(images && { imageUrl: images[0] ?? null, furtherImageUrls: images.slice(1) }),
  ...(price && { priceCents: BigInt(price.amount), currency: price.currency }),
});

/** Rolls back the change of a row that can't be displayed: no response could contain it. */
class HiddenRowError extends Error {}

/** @returns null when the row can't be displayed, as if it did not exist */
const changeDisplayed = (change: Promise<Product | null>): Promise<Product | null> =>
  change
    .catch((error: unknown) => {
      if (error instanceof HiddenRowError) return null;
      throw error;
    })
    // The row is older than the constraint and has an unknown currency.
    .catch(onConstraint('products_currency_check', () => null));

/**
 * Stores products in the product database.
 * @param lowStock the threshold at or below which a low stock event is written
 * @param report receives the rows that can't be displayed
 */
export const makePrismaProductStore = (
  { database, pool }: CatalogueDatabase,
  { lowStock, report }: { readonly lowStock: number; readonly report: ReportFault },
): ProductStore => {
  const readProduct = makeProductReader(report);
  const readDisplayed = (rows: readonly ProductRow[]): readonly Product[] =>
    rows.map(readProduct).filter((product) => product !== null);
  const getDisplayed = (row: ProductRow): Product => {
    const product = readProduct(row);
    if (!product) throw new HiddenRowError();
    return product;
  };
  return {
    insertProduct: ({ price, images, ...product }, cause) =>
      database
        .$transaction(async (tx) => {
          await lockCatalogue(tx);
          const row = await tx.product.create({
            data: {
              ...product,
              furtherImageUrls: images.slice(1),
              priceCents: BigInt(price.amount),
              currency: price.currency,
            },
          });
          const units = [{ productId: row.id, quantity: row.stock }];
          await recordAdjustments(tx, units, cause);
          return getDisplayed(row);
        })
        .catch(onConstraint('products_sku_key', () => problem('SKU_TAKEN', { sku: product.sku }))),

    findProducts: async (ids) => readDisplayed(await findProductRows(pool, ids)),

    findProductsBySku: async (skus) => readDisplayed(await findProductRowsBySku(pool, skus)),

    listProducts: (query) => listProducts({ database, pool, readProduct }, query),

    countProducts: (filter) => countProducts(database, filter),

    listCategories: () =>
      database.category.findMany({
        where: { productCount: { gt: 0 } },
        orderBy: { name: 'asc' },
      }),

    updateProduct: (id, version, change) =>
      changeDisplayed(
        database.$transaction(async (tx) => {
          await lockCatalogue(tx);
          const [row] = await tx.product.updateManyAndReturn({
            where: { id, version },
            data: { ...toColumns(change), version: { increment: 1 }, updatedAt: new Date() },
          });
          return row ? getDisplayed(row) : null;
        }),
      ),

    addStock: (id, delta, max, cause) =>
      changeDisplayed(
        database.$transaction(async (tx) => {
          const [row] = await tx.product.updateManyAndReturn({
            where: { id, stock: { gte: Math.max(0, -delta), lte: max - Math.max(0, delta) } },
            data: { stock: { increment: delta }, updatedAt: new Date() },
          });
          if (!row) return null;
          await recordAdjustments(tx, [{ productId: id, quantity: delta }], cause);
          const { sku, stock: after } = row;
          await writeLowStock(tx, [{ productId: id, sku, before: after - delta, after }], lowStock);
          return getDisplayed(row);
        }),
      ),
  };
};
