import type { OrderState } from '../domain/next-step.ts';
import { Prisma } from './generated/client.ts';
import { ORDER_COLUMNS, toOrder, type OrderRow } from './rows.ts';

/** An order with its work, as `STATE_COLUMNS` selects it. */
export type OrderStateRow = OrderRow & OrderState['work'] & { readonly now: Date };

/** The columns of an OrderStateRow, of the order `o`. */
export const STATE_COLUMNS = Prisma.raw(`${ORDER_COLUMNS.text},
  o.payment_started_at AS "paymentStartedAt", o.payment_outcome AS "paymentOutcome",
  o.stock_settled_at AS "stockSettledAt", o.refund_owed_at AS "refundOwedAt",
  o.refunded_at AS "refundedAt", now() AS now`);

/** Converts a row to an order of the domain with its work. */
export const toOrderState = (row: OrderStateRow): OrderState => ({
  order: toOrder(row),
  work: {
    paymentStartedAt: row.paymentStartedAt,
    paymentOutcome: row.paymentOutcome,
    stockSettledAt: row.stockSettledAt,
    refundOwedAt: row.refundOwedAt,
    refundedAt: row.refundedAt,
  },
  now: row.now,
});
