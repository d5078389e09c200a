import { makeDueTable, startSweeper as startSweepers, type Sweeper } from '@cartograph/due';
import type { Logger } from '@cartograph/logging';
import type { Pool } from 'pg';
import type { ProviderEvents } from '../domain/provider-events.ts';
import type { Refunds } from '../domain/refunds.ts';
import type { Settlement } from '../domain/settlement.ts';

/**
 * How many rows of a table are processed at a time. Each table has its own slots, and so have payments
 * whose order service must be notified: a provider that hangs delays no notification, and an order
 * service that hangs no poll.
 */
const SLOTS = 4;

/** Processes the rows of the payment service that are due, at least once each. */
export const startSweeper = (options: {
  settlement: Settlement;
  refunds: Refunds;
  events: ProviderEvents;
  pool: Pool;
  /** How long a failed step is retried, in milliseconds, before its row is dead. */
  retryWindowMs: number;
  log: Logger;
}): Sweeper => {
  const { settlement, refunds, events, pool, retryWindowMs, log } = options;
  const tableOf = (
    table: string,
    fields: { name?: string; id?: string; where?: string; cause?: string } = {},
  ) => makeDueTable(pool, { table, retryWindowMs, ...fields });
  return startSweepers({
    log,
    tables: [
      {
        table: tableOf('payments', { where: 'notify_at IS NULL', cause: 'due_trace' }),
        slots: SLOTS,
        process: settlement.advance,
      },
      {
        table: tableOf('payments', {
          name: 'payments.notify',
          where: 'notify_at IS NOT NULL',
          cause: 'due_trace',
        }),
        slots: SLOTS,
        process: settlement.advance,
      },
      { table: tableOf('refunds', { cause: 'due_trace' }), slots: SLOTS, process: refunds.request },
      {
        table: tableOf('refund_debts', { id: 'payment_id', cause: 'due_trace' }),
        slots: SLOTS,
        process: refunds.repay,
      },
      {
        table: tableOf('provider_events', { cause: 'due_trace' }),
        slots: SLOTS,
        process: events.process,
      },
    ],
  });
};
