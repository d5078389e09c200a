import { CURRENCIES, MAX_AMOUNT } from '@cartograph/money';
import type {
  CatalogueAuditor,
  HiddenProduct,
  Imbalance,
  Miscount,
} from '../domain/catalogue-audit.ts';
import { Prisma } from './generated/client.ts';
import type { Database, Transaction } from './make-database.ts';
import { findProductFault, PRODUCT_COLUMNS, toProduct, type ProductRow } from './rows.ts';

/** An audit reads the whole catalogue: minutes, with many millions of movements. */
const AUDIT_TIMEOUTS = { maxWait: 10_000, timeout: 600_000 };

const findImbalances = (tx: Transaction) =>
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
    balances AS (
      SELECT sku, products.stock, coalesce(ledger.stock, 0) AS "ledgerStock",
        coalesce(holds.held, 0) AS held, coalesce(ledger.held, 0) AS "ledgerHeld"
      FROM products
      LEFT JOIN ledger ON ledger.product_id = products.id
      LEFT JOIN holds ON holds.product_id = products.id
    )
    SELECT * FROM balances WHERE stock <> "ledgerStock" OR held <> "ledgerHeld" ORDER BY sku`;

const findMiscounts = (tx: Transaction) =>
  tx.$queryRaw<Miscount[]>`
    WITH counts AS (
      SELECT category AS name, count(*)::int AS counted
      FROM products WHERE archived_at IS NULL GROUP BY category
    )
    SELECT coalesce(counts.name, categories.name) AS category,
      coalesce(counted, 0) AS counted, coalesce(product_count, 0) AS stated
    FROM counts FULL JOIN categories ON categories.name = counts.name
    WHERE coalesce(counted, 0) <> coalesce(product_count, 0) ORDER BY 1`;

const isDisplayable = (column: string): Prisma.Sql =>
  Prisma.raw(`${column} BETWEEN '0001-01-01Z' AND '9999-12-31Z'`);

/** SQL selects candidates; the rule that hides products from lists confirms them. */
const findHidden = async (tx: Transaction): Promise<readonly HiddenProduct[]> => {
  const rows = await tx.$queryRaw<ProductRow[]>`
    SELECT ${PRODUCT_COLUMNS} FROM products
    WHERE currency <> ALL(${CURRENCIES}::char(3)[])
      OR price_cents NOT BETWEEN 0 AND ${BigInt(MAX_AMOUNT)}
      OR NOT (${isDisplayable('created_at')} AND ${isDisplayable('updated_at')}
        AND coalesce(${isDisplayable('archived_at')}, true))
    ORDER BY sku`;
  return rows.flatMap((row) => {
    const fault = findProductFault(toProduct(row));
    return fault === null ? [] : [{ id: row.id, sku: row.sku, fault }];
  });
};

/** Audits the product database in one snapshot, also while it is in use. */
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
      { ...AUDIT_TIMEOUTS, isolationLevel: 'RepeatableRead' },
    ),
});
