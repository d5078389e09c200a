import { problem } from '@cartograph/errors';
import { DEFAULT_LOW_STOCK } from '../domain/low-stock.ts';
import type { ProductChange, ProductStore } from '../domain/product-store.ts';
import { lockCatalogue } from './catalogue-lock.ts';
import { Prisma } from './generated/client.ts';
import { countProducts, listProducts } from './list-products.ts';
import type { Database } from './make-database.ts';
import { recordMovements } from './make-prisma-stock-ledger.ts';
import { writeLowStock } from './outbox.ts';
import { PATIENCE } from './patience.ts';
import { toProduct } from './to-product.ts';

/** P2002: a unique constraint refused the row. The SKU is the only one a product can break. */
const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

const toColumns = ({ price, ...change }: ProductChange) => ({
  ...change,
  ...(price && { priceCents: BigInt(price.amount), currency: price.currency }),
});

/**
 * Keeps products in the product database.
 * @param lowStock the threshold at which others are told that a product runs low
 */
export const makePrismaProductStore = (
  database: Database,
  lowStock = DEFAULT_LOW_STOCK,
): ProductStore => ({
  insertProduct: async ({ price, ...product }, cause) => {
    try {
      return await database.$transaction(async (tx) => {
        await lockCatalogue(tx);
        const row = await tx.product.create({
          data: { ...product, priceCents: BigInt(price.amount), currency: price.currency },
        });
        const units = [{ productId: row.id, quantity: row.stock }];
        await recordMovements(tx, 'ADJUSTED', units, cause);
        return toProduct(row);
      }, PATIENCE);
    } catch (error) {
      if (isTaken(error)) return problem('SKU_TAKEN', { sku: product.sku });
      throw error;
    }
  },

  findProducts: async (ids) =>
    (await database.product.findMany({ where: { id: { in: [...ids] } } })).map(toProduct),

  findProductsBySku: async (skus) =>
    (await database.product.findMany({ where: { sku: { in: [...skus] } } })).map(toProduct),

  listProducts: (query) => listProducts(database, query),

  countProducts: (filter) => countProducts(database, filter),

  listCategories: () =>
    database.category.findMany({
      where: { productCount: { gt: 0 } },
      orderBy: { name: 'asc' },
    }),

  updateProduct: (id, version, change) =>
    database.$transaction(async (tx) => {
      await lockCatalogue(tx);
      const [row] = await tx.product.updateManyAndReturn({
        where: { id, version },
        data: { ...toColumns(change), version: { increment: 1 }, updatedAt: new Date() },
      });
      return row ? toProduct(row) : null;
    }, PATIENCE),

  addStock: (id, delta, max, cause) =>
    database.$transaction(async (tx) => {
      const [row] = await tx.product.updateManyAndReturn({
        where: { id, stock: { gte: Math.max(0, -delta), lte: max - Math.max(0, delta) } },
        data: { stock: { increment: delta }, updatedAt: new Date() },
      });
      if (!row) return null;
      await recordMovements(tx, 'ADJUSTED', [{ productId: id, quantity: delta }], cause);
      const { sku, stock: after } = row;
      await writeLowStock(tx, [{ productId: id, sku, before: after - delta, after }], lowStock);
      return toProduct(row);
    }, PATIENCE),
});
