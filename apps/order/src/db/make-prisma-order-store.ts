import { cutPage } from '@cartograph/pagination';
import type { OrderStore } from '../domain/order-store.ts';
import type { Order } from '../domain/order.ts';
import { statusesBefore } from '../domain/transitions.ts';
import type { Prisma } from './generated/client.ts';
import { planJob } from './jobs.ts';
import type { Database } from './make-database.ts';

/** The request itself settles the stock in the meantime; the job is for when it could not. */
const SETTLE_AFTER_MS = 5_000;

const WITH_ITEMS = { items: { orderBy: { position: 'asc' } } } as const;

type OrderRow = Prisma.OrderGetPayload<{ include: typeof WITH_ITEMS }>;

const toOrder = ({
  totalCents,
  currency,
  cancelReason,
  cancelledAt,
  items,
  ...row
}: OrderRow): Order => ({
  ...row,
  total: { amount: Number(totalCents), currency },
  cancellation: cancelReason && cancelledAt && { reason: cancelReason, at: cancelledAt },
  items: items.map(({ productId, sku, name, quantity, priceCents }) => ({
    productId,
    sku,
    name,
    quantity,
    unitPrice: { amount: Number(priceCents), currency },
  })),
});

/** Keeps orders in the order database. */
export const makePrismaOrderStore = (database: Database): OrderStore => ({
  claimKey: async ({ userId, key, requestHash, orderId }) => {
    await database.idempotencyKey.createMany({
      data: [{ userId, key, requestHash, orderId, createdAt: new Date() }],
      skipDuplicates: true,
    });
    return database.idempotencyKey.findUniqueOrThrow({
      where: { userId_key: { userId, key } },
      select: { orderId: true, requestHash: true },
    });
  },

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
        await planJob(tx, 'resolve_order', order.id, resolveAt);
      }
      return toOrder(
        await tx.order.findUniqueOrThrow({ where: { id: order.id }, include: WITH_ITEMS }),
      );
    }),

  findOrders: async (ids) => {
    const rows = await database.order.findMany({
      where: { id: { in: [...ids] } },
      include: WITH_ITEMS,
    });
    return rows.map(toOrder);
  },

  listOrders: async ({ userId, status }, { first, after }) => {
    const rows = await database.order.findMany({
      where: {
        ...(userId !== undefined && { userId }),
        ...(status && { status }),
        ...(after && { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: first + 1,
      include: WITH_ITEMS,
    });
    return cutPage(rows.map(toOrder), first);
  },

  planResolve: (orderId, at) =>
    planJob(database, 'resolve_order', orderId, at, `payment:${orderId}`),

  moveOrder: (orderId, to) =>
    database.$transaction(async (tx) => {
      const now = new Date();
      const { count: moved } = await tx.order.updateMany({
        where: { id: orderId, status: { in: [...statusesBefore(to.status)] } },
        data: {
          status: to.status,
          updatedAt: now,
          ...(to.status === 'CANCELLED' && { cancelReason: to.reason, cancelledAt: now }),
        },
      });
      if (moved === 0) return null;
      await planJob(tx, 'settle_order', orderId, new Date(now.getTime() + SETTLE_AFTER_MS));
      return toOrder(
        await tx.order.findUniqueOrThrow({ where: { id: orderId }, include: WITH_ITEMS }),
      );
    }),
});
