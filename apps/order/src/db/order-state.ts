import type { OrderState } from '../domain/next-step.ts';
import type { Order, OrderItem } from '../domain/order.ts';
import { Prisma } from './generated/client.ts';

/** An order as the statements of this folder select it, with its items as JSON. */
export type OrderStateRow = {
  readonly id: string;
  readonly number: number;
  readonly userId: string;
  readonly status: string;
  readonly totalCents: string;
  readonly currency: string;
  readonly cancelReason: string | null;
  readonly cancelledAt: Date | null;
  readonly reservedUntil: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly paymentStartedAt: Date | null;
  readonly paymentOutcome: string | null;
  readonly stockSettledAt: Date | null;
  readonly refundOwedAt: Date | null;
  readonly refundedAt: Date | null;
  readonly now: Date;
  readonly items: readonly (Omit<OrderItem, 'unitPrice'> & { readonly priceCents: number })[];
};

/** The columns of an OrderStateRow, of the order `o`. Named, so that cached plans survive new ones. */
export const STATE_COLUMNS = Prisma.raw(`
  o.id::text, o.number, o.user_id::text AS "userId", o.status::text, o.total_cents AS "totalCents",
  o.currency, o.cancel_reason::text AS "cancelReason", o.cancelled_at AS "cancelledAt",
  o.reserved_until AS "reservedUntil", o.created_at AS "createdAt", o.updated_at AS "updatedAt",
  o.payment_started_at AS "paymentStartedAt", o.payment_outcome AS "paymentOutcome",
  o.stock_settled_at AS "stockSettledAt", o.refund_owed_at AS "refundOwedAt",
  o.refunded_at AS "refundedAt", now() AS now,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'productId', i.product_id, 'sku', i.sku, 'name', i.name, 'quantity', i.quantity,
      'priceCents', i.price_cents
    ) ORDER BY i.position), '[]') FROM order_items i WHERE i.order_id = o.id) AS items`);

/** Converts a row to an order of the domain with its work. */
export const toOrderState = (row: OrderStateRow): OrderState => ({
  order: {
    id: row.id,
    number: row.number,
    userId: row.userId,
    status: row.status as Order['status'],
    items: row.items.map(({ productId, sku, name, quantity, priceCents }) => ({
      productId,
      sku,
      name,
      quantity,
      unitPrice: { amount: priceCents, currency: row.currency },
    })),
    total: { amount: Number(row.totalCents), currency: row.currency },
    cancellation:
      row.cancelReason !== null && row.cancelledAt !== null
        ? {
            reason: row.cancelReason as NonNullable<Order['cancellation']>['reason'],
            at: row.cancelledAt,
          }
        : null,
    reservedUntil: row.reservedUntil,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  },
  work: {
    paymentStartedAt: row.paymentStartedAt,
    paymentOutcome: row.paymentOutcome,
    stockSettledAt: row.stockSettledAt,
    refundOwedAt: row.refundOwedAt,
    refundedAt: row.refundedAt,
  },
  now: row.now,
});
