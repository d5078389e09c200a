import type { CatalogueAuditor, Imbalance, Miscount } from '../domain/catalogue-books.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

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

/** Audits the product database, also while it is used: everything is read as of one moment. */
export const makePrismaCatalogueAuditor = (database: Database): CatalogueAuditor => ({
  audit: () =>
    database.$transaction(
      async (tx) => ({
        products: await tx.product.count(),
        movements: await tx.stockMovement.count(),
        imbalances: await findImbalances(tx),
        miscounts: await findMiscounts(tx),
      }),
      { ...AUDIT_PATIENCE, isolationLevel: 'RepeatableRead' },
    ),
});
