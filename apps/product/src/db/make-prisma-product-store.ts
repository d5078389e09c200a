import { problem } from '@cartograph/errors';
import type { ReportFault } from '@cartograph/validation';
import type { ProductChange, ProductStore } from '../domain/product-store.ts';
import type { Product } from '../domain/product.ts';
import { lockCatalogue } from './catalogue-lock.ts';
import { Prisma } from './generated/client.ts';
import { countProducts, listProducts } from './list-products.ts';
import type { Database } from './make-database.ts';
import { recordMovements } from './make-prisma-stock-ledger.ts';
import { writeLowStock } from './outbox.ts';
import { PATIENCE } from './patience.ts';
import { makeProductReader, type ProductRow } from './to-product.ts';

/** P2002: a unique constraint refused the row. The SKU is the only one a product can break. */
const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

const toColumns = ({ price, ...change }: ProductChange) => ({
  ...change,
  ...(price && { priceCents: BigInt(price.amount), currency: price.currency }),
});

/** Rolls back the change of a row that can't be shown: no answer could contain it. */
class HiddenRow extends Error {}

/** A row from before the check can't be changed while its currency is wrong. */
const hasUnknownCurrency = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  error.message.includes('products_currency_check');

/** @returns null where the row can't be shown, as if it were not there */
const changeShown = async (change: () => Promise<Product | null>): Promise<Product | null> => {
  try {
    return await change();
  } catch (error) {
    if (error instanceof HiddenRow || hasUnknownCurrency(error)) return null;
    throw error;
  }
};

/**
 * Keeps products in the product database.
 * @param lowStock the threshold at which others are told that a product runs low
 * @param report receives the rows that can't be shown
 */
export const makePrismaProductStore = (
  database: Database,
  { lowStock, report }: { readonly lowStock: number; readonly report: ReportFault },
): ProductStore => {
  const readProduct = makeProductReader(report);
  const readShown = (rows: readonly ProductRow[]): readonly Product[] =>
    rows.map(readProduct).filter((product) => product !== null);
  const getShown = (row: ProductRow): Product => {
    const product = readProduct(row);
    if (!product) throw new HiddenRow();
    return product;
  };
  return {
    insertProduct: async ({ price, ...product }, cause) => {
      try {
        return await database.$transaction(async (tx) => {
          await lockCatalogue(tx);
          const row = await tx.product.create({
            data: { ...product, priceCents: BigInt(price.amount), currency: price.currency },
          });
          const units = [{ productId: row.id, quantity: row.stock }];
          await recordMovements(tx, 'ADJUSTED', units, cause);
          return getShown(row);
        }, PATIENCE);
      } catch (error) {
        if (isTaken(error)) return problem('SKU_TAKEN', { sku: product.sku });
        throw error;
      }
    },

    findProducts: async (ids) =>
      readShown(await database.product.findMany({ where: { id: { in: [...ids] } } })),

    findProductsBySku: async (skus) =>
      readShown(await database.product.findMany({ where: { sku: { in: [...skus] } } })),

    listProducts: (query) => listProducts({ database, readProduct }, query),

    countProducts: (filter) => countProducts(database, filter),

    listCategories: () =>
      database.category.findMany({
        where: { productCount: { gt: 0 } },
        orderBy: { name: 'asc' },
      }),

    updateProduct: (id, version, change) =>
      changeShown(() =>
        database.$transaction(async (tx) => {
          await lockCatalogue(tx);
          const [row] = await tx.product.updateManyAndReturn({
            where: { id, version },
            data: { ...toColumns(change), version: { increment: 1 }, updatedAt: new Date() },
          });
          return row ? getShown(row) : null;
        }, PATIENCE),
      ),

    addStock: (id, delta, max, cause) =>
      changeShown(() =>
        database.$transaction(async (tx) => {
          const [row] = await tx.product.updateManyAndReturn({
            where: { id, stock: { gte: Math.max(0, -delta), lte: max - Math.max(0, delta) } },
            data: { stock: { increment: delta }, updatedAt: new Date() },
          });
          if (!row) return null;
          await recordMovements(tx, 'ADJUSTED', [{ productId: id, quantity: delta }], cause);
          const { sku, stock: after } = row;
          await writeLowStock(tx, [{ productId: id, sku, before: after - delta, after }], lowStock);
          return getShown(row);
        }, PATIENCE),
      ),
  };
};
