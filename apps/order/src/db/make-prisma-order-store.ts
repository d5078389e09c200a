import { ShopError } from '@cartograph/errors';
import { SYSTEM } from '../domain/order-event.ts';
import type { OrderStore } from '../domain/order-store.ts';
import { statusesBefore, type OrderStatus } from '../domain/order.ts';
import { FIRST_ATTEMPT } from '../domain/payment-client.ts';
import type { Prisma } from './generated/client.ts';
import { planJob } from './jobs.ts';
import type { Database } from './make-database.ts';
import { makeOrderList } from './order-list.ts';
import { writeEvent, writeHistory } from './outbox.ts';
import { KNOWN_EVENT, toOrder, toOrderEvent, WITH_ITEMS } from './rows.ts';

/** Locks the row of an order: no other transaction changes its status until this one ends. */
const lockOrder = async (
  tx: Prisma.TransactionClient,
  orderId: string,
): Promise<OrderStatus | null> => {
  const [row] = await tx.$queryRaw<{ status: OrderStatus }[]>`
    SELECT status::text FROM orders WHERE id = ${orderId}::uuid FOR UPDATE`;
  return row?.status ?? null;
};

/**
 * Marks the hold as that of a stored order, which the sweep leaves alone, and schedules the check of
 * the order. The lock on the hold's row lets either this request or the sweep have it.
 * @throws ShopError UNAVAILABLE when the sweep was first
 */
const placeOrder = async (
  tx: Prisma.TransactionClient,
  orderId: string,
  pollAt: Date,
): Promise<void> => {
  // One statement, for speed.
  const placed = await tx.$queryRaw<object[]>`
    WITH placed AS (
      UPDATE stock_holds SET placed_at = clock_timestamp()
      WHERE order_id = ${orderId}::uuid AND abandoned_at IS NULL
      RETURNING order_id::text AS id
    )
    SELECT job.id::text FROM placed, graphile_worker.add_job(
      identifier => 'resolve_order',
      payload => json_build_object('orderId', placed.id),
      run_at => ${pollAt}::timestamptz
    ) AS job`;
  if (placed.length === 0) {
    throw new ShopError('UNAVAILABLE', 'The order took too long; send it again.');
  }
};

/** The request settles the stock in the meantime; the job does it when the request could not. */
const SETTLE_AFTER_MS = 5_000;

/** Records the refund of one attempt and schedules it, once. */
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

const pollKey = (orderId: string): string => `payment:${orderId}`;

/**
 * A poll schedules the next one. If our clock is behind the database's, that one would be due
 * immediately, in an endless loop.
 */
const POLL_REST_SECONDS = 1;

/** Schedules a check of an order's payment, one at a time. */
const schedulePoll = (tx: Prisma.TransactionClient, orderId: string, at: Date): Promise<void> =>
  planJob(
    tx,
    'resolve_order',
    { orderId },
    { runAt: at, key: pollKey(orderId), restSeconds: POLL_REST_SECONDS },
  );

/** Stores orders in the order database. */
export const makePrismaOrderStore = (database: Database): OrderStore => ({
  ...makeOrderList(database),

  insertOrder: ({ items, total, ...order }, pollAt) =>
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
        await placeOrder(tx, order.id, pollAt);
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

  startPayment: async ({ id, status }, actor, pollAt) => {
    // One statement, for speed: it is one transaction.
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
          ${pollAt}::timestamptz, now() + make_interval(secs => ${POLL_REST_SECONDS}::float8)
        ),
        job_key => ${pollKey(id)},
        job_key_mode => 'preserve_run_at'
      )`;
  },

  schedulePoll: (orderId, at) => schedulePoll(database, orderId, at),

  moveOrder: (orderId, to, { actor, note = null, paymentResult }) =>
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
      if (paymentResult !== undefined) {
        await writeHistory(tx, now, {
          orderId,
          type: 'PAYMENT_DECIDED',
          fromStatus: from,
          toStatus: from,
          actor: SYSTEM,
          reason: paymentResult,
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

  recordSettled: async ({ id: orderId, status }) => {
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
