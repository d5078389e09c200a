import { isCurrency, MAX_AMOUNT, type Money } from '@cartograph/money';
import { findDateFault, type ReportFault } from '@cartograph/validation';
import { isWebAddress } from '../domain/input.ts';
import type { Product } from '../domain/product.ts';
import { Prisma, type Product as PrismaProduct } from './generated/client.ts';

/** A row of products, from Prisma's own queries or from SQL. */
export type ProductRow = Omit<PrismaProduct, 'searchBlock'>;

/** Each field of a row: its column, and the type that a value to compare it with is cast to. */
const COLUMNS = {
  id: ['id', 'uuid'],
  sku: ['sku', 'text'],
  name: ['name', 'text'],
  description: ['description', 'text'],
  category: ['category', 'text'],
  priceCents: ['price_cents', 'bigint'],
  currency: ['currency', 'char(3)'],
  stock: ['stock', 'integer'],
  imageUrl: ['image_url', 'text'],
  furtherImageUrls: ['further_image_urls', 'text[]'],
  version: ['version', 'integer'],
  position: ['position', 'bigint'],
  archivedAt: ['archived_at', 'timestamptz'],
  createdAt: ['created_at', 'timestamptz'],
  updatedAt: ['updated_at', 'timestamptz'],
} as const satisfies Record<keyof ProductRow, readonly [name: string, type: string]>;

/** The columns of a `ProductRow`. */
export const PRODUCT_COLUMNS = Prisma.raw(
  Object.entries(COLUMNS)
    .map(([field, [name]]) => `${name} AS "${field}"`)
    .join(', '),
);

/** The column of a field. */
export const columnOf = (field: keyof ProductRow): Prisma.Sql => Prisma.raw(COLUMNS[field][0]);

/** A parameter that the column of a field is compared with. */
export const parameterOf = (field: keyof ProductRow, value: unknown): Prisma.Sql => {
  const [, type] = COLUMNS[field];
  if (Array.isArray(value)) return Prisma.sql`${value}::${Prisma.raw(type)}[]`;
  const plain = type === 'bigint' ? BigInt(value as number | string) : value;
  return Prisma.sql`${plain instanceof Date ? plain.toISOString() : plain}::${Prisma.raw(type)}`;
};

/** A row as a product. Amounts stay below 2^53: see `findProductFault`. */
export const toProduct = (row: ProductRow): Product => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  description: row.description,
  category: row.category,
  price: { amount: Number(row.priceCents), currency: row.currency },
  stock: row.stock,
  imageUrl: row.imageUrl,
  // The release before knows the first image only: a product without it has none.
  images: row.imageUrl === null ? [] : [row.imageUrl, ...row.furtherImageUrls],
  version: row.version,
  archivedAt: row.archivedAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const findPriceFault = ({ amount, currency }: Money): string | null => {
  if (!isCurrency(currency)) return 'currency: is not a currency';
  return amount >= 0 && amount <= MAX_AMOUNT ? null : `price: is not 0 to ${MAX_AMOUNT}`;
};

/**
 * Why a stored product can't be displayed; null when it can. The domain refuses such values, but
 * external SQL or an older version may have written them.
 */
export const findProductFault = ({ createdAt, updatedAt, archivedAt, price }: Product) =>
  findDateFault([createdAt, updatedAt, archivedAt]) ?? findPriceFault(price);

/** The product without image URLs that are not valid: it can be ordered all the same. */
export const withoutBadImages = (product: Product): Product => {
  if (product.images.every(isWebAddress)) return product;
  const images = product.images.filter(isWebAddress);
  return { ...product, imageUrl: images[0] ?? null, images };
};

/** A row as a product that can be displayed; null when it can't. */
export type ReadProduct = (row: ProductRow) => Product | null;

/** Makes the function that reads rows for responses, and reports those that have a fault. */
export const makeProductReader =
  (report: ReportFault): ReadProduct =>
  (row) => {
    const product = toProduct(row);
    const fault = findProductFault(product);
    if (fault !== null) {
      report({ table: 'products', id: row.id, fault });
      return null;
    }
    const displayed = withoutBadImages(product);
    if (displayed !== product) {
      report({ table: 'products', id: row.id, fault: 'image_url: is not a web address' });
    }
    return displayed;
  };
