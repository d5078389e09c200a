import { makeDueTable, startSweeper as startSweepers } from '@cartograph/due';
import type { Logger } from '@cartograph/logging';
import { openPool } from '@cartograph/postgres';
import type { Orders } from '../domain/orders.ts';

/** Orders that are processed at a time, for each of the two peers. */
const SLOTS = 4;

/** A slot writes for a moment between its calls; one connection more claims and counts. */
const CONNECTIONS = 3;

/**
 * Orders whose next step concerns their stock: they have ended, or expire without a payment. All others
 * wait for the payment service. Two tables of their own, so that a peer that hangs delays only the
 * orders that need it.
 */
const NEEDS_STOCK = `(refund_owed_at IS NULL OR refunded_at IS NOT NULL)
  AND ((status <> 'PENDING' AND stock_settled_at IS NULL)
    OR (status = 'PENDING' AND payment_started_at IS NULL))`;

/**
 * Does the steps of orders that are due: what requests left undone, and what must happen later.
 * @returns stops it, after the current steps
 */
export const startSweeper = (
  { processDueOrder }: Pick<Orders, 'processDueOrder'>,
  { databaseUrl, log }: { databaseUrl: string; log: Logger },
): (() => Promise<void>) => {
  const pool = openPool({
    name: 'sweeper',
    databaseUrl,
    max: CONNECTIONS,
    onLost: (error) => log.warn({ err: error }, 'connection of the sweeper lost'),
  });
  const table = (name: string, where: string) => ({
    table: makeDueTable(pool, { table: 'orders', cause: 'due_trace', name, where }),
    slots: SLOTS,
    process: processDueOrder,
  });
  const sweeper = startSweepers({
    tables: [
      table('orders of stock', NEEDS_STOCK),
      table('orders of payments', `NOT (${NEEDS_STOCK})`),
    ],
    log,
  });
  return async () => {
    await sweeper.stop();
    await pool.end();
  };
};
