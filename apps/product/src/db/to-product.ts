import type { ReportFault } from '@cartograph/validation';
import { findProductFault, withoutBadPicture } from '../domain/display-fault.ts';
import type { Product } from '../domain/product.ts';
import { Prisma, type Product as PrismaProduct } from './generated/client.ts';

/** A row of products, however it was read. */
export type ProductRow = Omit<PrismaProduct, 'searchBlock'>;

/** The columns of a `ProductRow`, for lists that Prisma's own queries can't say. */
export const PRODUCT_COLUMNS = Prisma.sql`
  id, sku, name, description, category, price_cents AS "priceCents", currency, stock,
  image_url AS "imageUrl", version, position, archived_at AS "archivedAt",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A row of products as the domain has it. Prices stay far below 2^53, which the domain enforces. */
export const toProduct = (row: ProductRow): Product => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  description: row.description,
  price: { amount: Number(row.priceCents), currency: row.currency },
  stock: row.stock,
  category: row.category,
  imageUrl: row.imageUrl,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  archivedAt: row.archivedAt,
});

/** A row as it can be shown; null for one that can't. */
export type ReadProduct = (row: ProductRow) => Product | null;

/** Makes the function that reads rows for an answer, and reports those that have a fault. */
export const makeProductReader =
  (report: ReportFault): ReadProduct =>
  (row) => {
    const product = toProduct(row);
    const fault = findProductFault(product);
    if (fault !== null) {
      report({ table: 'products', id: row.id, fault });
      return null;
    }
    const shown = withoutBadPicture(product);
    if (shown !== product) {
      report({ table: 'products', id: row.id, fault: 'image_url: is not a web address' });
    }
    return shown;
  };
