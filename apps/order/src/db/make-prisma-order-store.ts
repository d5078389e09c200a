import { FIRST_ATTEMPT } from '../domain/cashier.ts';
import { SYSTEM } from '../domain/order-event.ts';
import type { OrderStore } from '../domain/order-store.ts';
import { statusesBefore } from '../domain/transitions.ts';
import type { Prisma } from './generated/client.ts';
import { planJob } from './jobs.ts';
import type { Database } from './make-database.ts';
import { lockOrder, placeOrder } from './order-locks.ts';
import { makeOrderList } from './order-list.ts';
import { KNOWN_EVENT, toOrder, toOrderEvent, WITH_ITEMS } from './rows.ts';
import { writeEvent } from './write-event.ts';
import { writeHistory } from './write-history.ts';

/** The request itself settles the stock in the meantime; the job is for when it could not. */
const SETTLE_AFTER_MS = 5_000;

/** The refund of one attempt: written and planned once, with what it follows from. */
const writeRefund = async (
  tx: Prisma.TransactionClient,
  at: Date,
  orderId: string,
  attempt: number,
  reason: string | null,
): Promise<void> => {
  const isFirst = await writeHistory(tx, at, {
    orderId,
    type: 'REFUND_REQUESTED',
    fromStatus: 'CANCELLED',
    toStatus: 'CANCELLED',
    actor: SYSTEM,
    reason,
  });
  if (!isFirst) return;
  const key = `refund:${orderId}:${attempt}`;
  await planJob(tx, 'refund_payment', { orderId, attempt }, { runAt: at, key });
};

const lookKey = (orderId: string): string => `payment:${orderId}`;

/**
 * A look plans the next one. If our clock is behind the database's, that one may be due at once,
 * and so on in a circle.
 */
const LOOK_REST_SECONDS = 1;

/** The plan to look at an order whose payment was begun: one at a time. */
const planLook = (tx: Prisma.TransactionClient, orderId: string, at: Date): Promise<void> =>
  planJob(
    tx,
    'resolve_order',
    { orderId },
    { runAt: at, key: lookKey(orderId), restSeconds: LOOK_REST_SECONDS },
  );

/** Keeps orders in the order database. */
export const makePrismaOrderStore = (database: Database): OrderStore => ({
  ...makeOrderList(database),

  insertOrder: ({ items, total, ...order }, resolveAt) =>
    database.$transaction(async (tx) => {
      const { count: inserted } = await tx.order.createMany({
        data: [{ ...order, totalCents: BigInt(total.amount), currency: total.currency }],
        skipDuplicates: true,
      });
      if (inserted === 1) {
        await tx.orderItem.createMany({
          data: items.map(({ unitPrice, ...item }, position) => ({
            ...item,
            orderId: order.id,
            position,
            priceCents: BigInt(unitPrice.amount),
          })),
        });
        await placeOrder(tx, order.id, resolveAt);
      }
      const stored = toOrder(
        await tx.order.findUniqueOrThrow({ where: { id: order.id }, include: WITH_ITEMS }),
      );
      if (inserted === 1) {
        await writeHistory(tx, stored.createdAt, {
          orderId: order.id,
          type: 'CREATED',
          fromStatus: null,
          toStatus: 'PENDING',
          actor: { kind: 'CUSTOMER', id: order.userId },
        });
        await writeEvent(tx, stored);
      }
      return stored;
    }),

  findOrders: async (ids) => {
    const rows = await database.order.findMany({
      where: { id: { in: [...ids] } },
      include: WITH_ITEMS,
    });
    return rows.map(toOrder);
  },

  findHistory: async (orderIds) => {
    const rows = await database.orderEvent.findMany({
      where: { orderId: { in: [...orderIds] }, ...KNOWN_EVENT },
      orderBy: { id: 'asc' },
    });
    return rows.map(toOrderEvent);
  },

  startPayment: async ({ id, status }, actor, resolveAt) => {
    // One statement, so one transaction: every payment passes here.
    await database.$queryRaw`
      WITH started AS (
        INSERT INTO order_history (order_id, at, event, from_status, to_status, actor, actor_id)
        VALUES (
          ${id}::uuid, now(), 'PAYMENT_STARTED', ${status}::order_status,
          ${status}::order_status, ${actor.kind}::order_actor, ${actor.id}::uuid
        )
        ON CONFLICT DO NOTHING
      )
      SELECT id::text FROM graphile_worker.add_job(
        identifier => 'resolve_order',
        payload => json_build_object('orderId', ${id}::text),
        run_at => greatest(
          ${resolveAt}::timestamptz, now() + make_interval(secs => ${LOOK_REST_SECONDS}::float8)
        ),
        job_key => ${lookKey(id)},
        job_key_mode => 'preserve_run_at'
      )`;
  },

  planResolve: (orderId, at) => planLook(database, orderId, at),

  moveOrder: (orderId, to, { actor, note = null, decision }) =>
    database.$transaction(async (tx) => {
      const from = await lockOrder(tx, orderId);
      if (!from || !statusesBefore(to).includes(from)) return null;
      const now = new Date();
      const reason = to.status === 'CANCELLED' ? to.reason : null;
      const moved = toOrder(
        await tx.order.update({
          where: { id: orderId, status: from },
          data: {
            status: to.status,
            updatedAt: now,
            ...(reason && { cancelReason: reason, cancelledAt: now }),
          },
          include: WITH_ITEMS,
        }),
      );
      if (decision !== undefined) {
        await writeHistory(tx, now, {
          orderId,
          type: 'PAYMENT_DECIDED',
          fromStatus: from,
          toStatus: from,
          actor: SYSTEM,
          reason: decision,
        });
      }
      await writeHistory(tx, now, {
        orderId,
        type: to.status,
        fromStatus: from,
        toStatus: to.status,
        actor,
        reason,
        note,
      });
      await writeEvent(tx, moved);
      if (from === 'CONFIRMED') await writeRefund(tx, now, orderId, FIRST_ATTEMPT, reason);
      const runAt = new Date(now.getTime() + SETTLE_AFTER_MS);
      await planJob(tx, 'settle_order', { orderId }, { runAt });
      return moved;
    }),

  requestRefund: (orderId, attempt) =>
    database.$transaction(async (tx) => {
      const { cancelReason } = await tx.order.findUniqueOrThrow({
        where: { id: orderId },
        select: { cancelReason: true },
      });
      const now = new Date();
      await writeHistory(tx, now, {
        orderId,
        type: 'PAYMENT_DECIDED',
        fromStatus: 'CANCELLED',
        toStatus: 'CANCELLED',
        actor: SYSTEM,
        reason: 'SUCCEEDED',
      });
      await writeRefund(tx, now, orderId, attempt, cancelReason);
    }),

  noteSettled: async ({ id: orderId, status }) => {
    await writeHistory(database, new Date(), {
      orderId,
      type: 'STOCK_SETTLED',
      fromStatus: status,
      toStatus: status,
      actor: SYSTEM,
      reason: status === 'CONFIRMED' ? 'COMMITTED' : 'RELEASED',
    });
  },
});
