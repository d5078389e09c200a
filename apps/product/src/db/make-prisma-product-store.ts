import { problem } from '@cartograph/errors';
import { cutPage } from '@cartograph/pagination';
import type { ProductChange, ProductStore } from '../domain/product-store.ts';
import type { ProductFilter } from '../domain/product.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { toProduct } from './to-product.ts';

/** P2002: a unique constraint refused the row. The SKU is the only one a product can break. */
const isTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

/** Lets % and _ of a client's words stand for themselves. */
const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

const toConditions = (filter: ProductFilter): Prisma.ProductWhereInput => {
  const contains = filter.text
    ? ({ contains: escapeLike(filter.text), mode: 'insensitive' } as const)
    : null;
  return {
    ...(contains && { OR: [{ name: contains }, { description: contains }] }),
    ...(filter.category && { category: filter.category }),
    ...(filter.inStock && { stock: { gt: 0 } }),
    priceCents: {
      ...(typeof filter.minPrice === 'number' && { gte: BigInt(filter.minPrice) }),
      ...(typeof filter.maxPrice === 'number' && { lte: BigInt(filter.maxPrice) }),
    },
  };
};

const toColumns = ({ price, ...change }: ProductChange) => ({
  ...change,
  ...(price && { priceCents: BigInt(price.amount), currency: price.currency }),
});

/** Keeps products in the product database. */
export const makePrismaProductStore = (database: Database): ProductStore => ({
  insertProduct: async ({ price, ...product }) => {
    try {
      const row = await database.product.create({
        data: { ...product, priceCents: BigInt(price.amount), currency: price.currency },
      });
      return toProduct(row);
    } catch (error) {
      if (isTaken(error)) return problem('SKU_TAKEN', { sku: product.sku });
      throw error;
    }
  },

  findProducts: async (ids) =>
    (await database.product.findMany({ where: { id: { in: [...ids] } } })).map(toProduct),

  findProductsBySku: async (skus) =>
    (await database.product.findMany({ where: { sku: { in: [...skus] } } })).map(toProduct),

  listProducts: async (filter, { first, after }) => {
    const rows = await database.product.findMany({
      where: { ...toConditions(filter), ...(after && { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return cutPage(rows.map(toProduct), first);
  },

  updateProduct: async (id, version, change) => {
    const [row] = await database.product.updateManyAndReturn({
      where: { id, version },
      data: { ...toColumns(change), version: { increment: 1 }, updatedAt: new Date() },
    });
    return row ? toProduct(row) : null;
  },

  addStock: async (id, delta, max) => {
    const [row] = await database.product.updateManyAndReturn({
      where: { id, stock: { gte: Math.max(0, -delta), lte: max - Math.max(0, delta) } },
      data: { stock: { increment: delta }, updatedAt: new Date() },
    });
    return row ? toProduct(row) : null;
  },
});
