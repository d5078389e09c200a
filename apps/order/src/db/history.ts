import type { Actor, OrderEventType } from '../domain/order-event.ts';
import type { OrderStatus } from '../domain/order.ts';
import { Prisma } from './generated/client.ts';

/** A line of an order's history that a statement writes. */
export type NewLine = {
  readonly type: OrderEventType;
  readonly fromStatus: OrderStatus | null;
  readonly toStatus: OrderStatus;
  readonly actor: Actor;
  readonly reason?: string | null;
  readonly note?: string | null;
};

/**
 * Inserts lines into the history of the order whose id the CTE `changed` returns; those that it has
 * already are left out.
 */
export const insertHistory = (at: Date, lines: readonly NewLine[]): Prisma.Sql => {
  const rows = lines.map(({ type, fromStatus, toStatus, actor, reason, note }, place) => ({
    place,
    event: type,
    from_status: fromStatus,
    to_status: toStatus,
    actor: actor.kind,
    actor_id: actor.id,
    reason,
    note,
  }));
  return Prisma.sql`
    INSERT INTO order_history
      (order_id, at, event, from_status, to_status, actor, actor_id, reason, note)
    SELECT changed.id, ${at}::timestamptz, line.event, line.from_status, line.to_status, line.actor,
      line.actor_id, line.reason, line.note
    FROM changed, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS line (
      place int, event order_event_type, from_status order_status, to_status order_status,
      actor order_actor, actor_id uuid, reason text, note text
    )
    ORDER BY line.place
    ON CONFLICT DO NOTHING`;
};
