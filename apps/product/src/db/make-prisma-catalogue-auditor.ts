import { CURRENCIES, MAX_AMOUNT } from '@cartograph/money';
import type {
  CatalogueAuditor,
  HiddenProduct,
  Imbalance,
  Miscount,
} from '../domain/catalogue-books.ts';
import { findProductFault } from '../domain/display-fault.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { PRODUCT_COLUMNS, toProduct, type ProductRow } from './to-product.ts';

/** A whole catalogue is read: minutes, where it has many millions of movements. */
const AUDIT_PATIENCE = { maxWait: 10_000, timeout: 600_000 };

const findImbalances = (tx: Prisma.TransactionClient) =>
  tx.$queryRaw<Imbalance[]>`
    WITH ledger AS (
      SELECT product_id, sum(stock_delta)::float8 AS stock, sum(held_delta)::float8 AS held
      FROM stock_movements GROUP BY product_id
    ),
    holds AS (
      SELECT product_id, sum(quantity)::float8 AS held
      FROM reservation_lines JOIN reservations USING (order_id)
      WHERE status = 'HELD' GROUP BY product_id
    ),
    books AS (
      SELECT sku, products.stock, coalesce(ledger.stock, 0) AS "ledgerStock",
        coalesce(holds.held, 0) AS held, coalesce(ledger.held, 0) AS "ledgerHeld"
      FROM products
      LEFT JOIN ledger ON ledger.product_id = products.id
      LEFT JOIN holds ON holds.product_id = products.id
    )
    SELECT * FROM books WHERE stock <> "ledgerStock" OR held <> "ledgerHeld" ORDER BY sku`;

const findMiscounts = (tx: Prisma.TransactionClient) =>
  tx.$queryRaw<Miscount[]>`
    WITH shelves AS (
      SELECT category AS name, count(*)::int AS counted
      FROM products WHERE archived_at IS NULL GROUP BY category
    )
    SELECT coalesce(shelves.name, categories.name) AS category,
      coalesce(counted, 0) AS counted, coalesce(product_count, 0) AS stated
    FROM shelves FULL JOIN categories ON categories.name = shelves.name
    WHERE coalesce(counted, 0) <> coalesce(product_count, 0) ORDER BY 1`;

const isWritable = (column: string): Prisma.Sql =>
  Prisma.raw(`${column} BETWEEN '0001-01-01Z' AND '9999-12-31Z'`);

/** SQL finds the few that may be meant, and the rule that lists go by judges them. */
const findHidden = async (tx: Prisma.TransactionClient): Promise<readonly HiddenProduct[]> => {
  const rows = await tx.$queryRaw<ProductRow[]>`
    SELECT ${PRODUCT_COLUMNS} FROM products
    WHERE currency <> ALL(${CURRENCIES}::char(3)[])
      OR price_cents NOT BETWEEN 0 AND ${BigInt(MAX_AMOUNT)}
      OR NOT (${isWritable('created_at')} AND ${isWritable('updated_at')}
        AND coalesce(${isWritable('archived_at')}, true))
    ORDER BY sku`;
  return rows.flatMap((row) => {
    const fault = findProductFault(toProduct(row));
    return fault === null ? [] : [{ id: row.id, sku: row.sku, fault }];
  });
};

/** Audits the product database, also while it is used: everything is read as of one moment. */
export const makePrismaCatalogueAuditor = (database: Database): CatalogueAuditor => ({
  audit: () =>
    database.$transaction(
      async (tx) => ({
        products: await tx.product.count(),
        movements: await tx.stockMovement.count(),
        imbalances: await findImbalances(tx),
        miscounts: await findMiscounts(tx),
        hidden: await findHidden(tx),
      }),
      { ...AUDIT_PATIENCE, isolationLevel: 'RepeatableRead' },
    ),
});
