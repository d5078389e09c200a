import { problem } from '@cartograph/errors';
import { onConstraint } from '@cartograph/postgres';
import type { ReportFault } from '@cartograph/validation';
import type { ProductChange, ProductStore } from '../domain/product-store.ts';
import type { Product } from '../domain/product.ts';
import { changedAt } from './changed-at.ts';
import { Prisma } from './generated/client.ts';
import type { CatalogueDatabase, Transaction } from './make-database.ts';
import { recordAdjustments } from './move-stock.ts';
import { writeLowStock } from './outbox.ts';
import { countProducts, listProducts } from './product-list.ts';
import { findProductRows, findProductRowsBySku } from './read-products.ts';
import { makeProductReader, PRODUCT_COLUMNS, type ProductRow } from './rows.ts';

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

/** What a change of a product depends on. */
type LockedRow = { readonly hasImage: boolean; readonly changedAt: Date };

/** Locks the row of a product until the end of the transaction. @returns null when there is none */
const lockRow = async (tx: Transaction, id: string): Promise<LockedRow | null> => {
  const [row] = await tx.$queryRaw<LockedRow[]>`
    SELECT image_url IS NOT NULL AS "hasImage",
      ${Prisma.raw(changedAt('updated_at'))} AS "changedAt"
    FROM products WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return row ?? null;
};

const toColumns = ({ price, images, ...change }: ProductChange, present: LockedRow) => ({
  ...change,
  updatedAt: present.changedAt,
  // The release before removes all images by removing the first: the others must not come back.
  ...((change.imageUrl === null || !present.hasImage) && { furtherImageUrls: [] }),
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
          const present = await lockRow(tx, id);
          if (!present) return null;
          const [row] = await tx.product.updateManyAndReturn({
            where: { id, version },
            data: { ...toColumns(change, present), version: { increment: 1 } },
          });
          return row ? getDisplayed(row) : null;
        }),
      ),

    addStock: (id, delta, max, cause) =>
      changeDisplayed(
        database.$transaction(async (tx) => {
          const [least, most] = [Math.max(0, -delta), max - Math.max(0, delta)];
          const [row] = await tx.$queryRaw<ProductRow[]>`
            UPDATE products SET stock = stock + ${delta}::int,
              updated_at = ${Prisma.raw(changedAt('updated_at'))}
            WHERE id = ${id}::uuid AND stock BETWEEN ${least}::bigint AND ${most}::bigint
            RETURNING ${PRODUCT_COLUMNS}`;
          if (!row) return null;
          await recordAdjustments(tx, [{ productId: id, quantity: delta }], cause);
          const { sku, stock: after } = row;
          await writeLowStock(tx, [{ productId: id, sku, before: after - delta, after }], lowStock);
          return getDisplayed(row);
        }),
      ),
  };
};
