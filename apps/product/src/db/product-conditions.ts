import type { ProductFilter } from '../domain/product-list.ts';
import { Prisma } from './generated/client.ts';

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

/** The conditions of a filter, all but its text. */
export const toConditions = (filter: ProductFilter): Prisma.Sql[] => {
  const { category, categories, minPrice, maxPrice, currency, skus } = filter;
  return [
    filter.archived ? Prisma.sql`archived_at IS NOT NULL` : Prisma.sql`archived_at IS NULL`,
    ...(isGiven(category) ? [Prisma.sql`category = ${category}`] : []),
    ...(isGiven(categories) ? [Prisma.sql`category = ANY(${categories}::text[])`] : []),
    ...(isGiven(minPrice) ? [Prisma.sql`price_cents >= ${BigInt(minPrice)}`] : []),
    ...(isGiven(maxPrice) ? [Prisma.sql`price_cents <= ${BigInt(maxPrice)}`] : []),
    ...(isGiven(currency) ? [Prisma.sql`currency = ${currency}::char(3)`] : []),
    ...(filter.inStock ? [Prisma.sql`stock > 0`] : []),
    ...(isGiven(skus) ? [Prisma.sql`sku = ANY(${skus}::text[])`] : []),
  ];
};

/** All of them. */
export const and = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  Prisma.join([...conditions], ' AND ');
