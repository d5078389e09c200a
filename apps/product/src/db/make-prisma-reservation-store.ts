import { problem } from '@cartograph/errors';
import { isForSale } from '../domain/display-fault.ts';
import { takenFrom } from '../domain/low-stock.ts';
import type { ReservationStore } from '../domain/reservation-store.ts';
import type { Demand, OutOfStock, ProductNotFound, Reservation } from '../domain/reservation.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { recordMovements } from './make-prisma-stock-ledger.ts';
import { writeLowStock } from './outbox.ts';
import { PATIENCE } from './patience.ts';
import {
  addToStock,
  CAN_BE_TAKEN_AGAIN,
  findReservation,
  giveBack,
  lockProducts,
} from './reservation-rows.ts';

type Transaction = Prisma.TransactionClient;

/** Who moves the stock of orders. */
const ORDER_SERVICE = 'order';

/** Rolls the transaction back, and carries the reason out of it. */
class Refusal extends Error {
  readonly reason: OutOfStock | ProductNotFound;

  constructor(reason: OutOfStock | ProductNotFound) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Takes the place of the order: true when its stock is to be taken now, false when it was. */
const openReservation = async (tx: Transaction, orderId: string, expiresAt: Date) => {
  const now = new Date();
  const { count: inserted } = await tx.reservation.createMany({
    data: [{ orderId, expiresAt, createdAt: now, updatedAt: now }],
    skipDuplicates: true,
  });
  if (inserted === 1) return true;
  const { count: reopened } = await tx.reservation.updateMany({
    where: { orderId, ...CAN_BE_TAKEN_AGAIN },
    data: { status: 'HELD', expiresAt, updatedAt: now },
  });
  if (reopened === 1) {
    await tx.reservationLine.deleteMany({ where: { orderId } });
    return true;
  }
  // A repeat after a crash asks for as long as the order that it will make.
  await tx.reservation.updateMany({
    where: { orderId, status: 'HELD', expiresAt: { lt: expiresAt } },
    data: { expiresAt, updatedAt: now },
  });
  return false;
};

const takeStock = async (
  tx: Transaction,
  orderId: string,
  demands: readonly Demand[],
  lowStock: number,
) => {
  const ids = demands.map((demand) => demand.productId);
  const products = new Map((await lockProducts(tx, ids)).map((row) => [row.id, row]));
  const lines = demands.map(({ productId, quantity }) => {
    const product = products.get(productId);
    if (!product || !isForSale(product.price_cents, product.currency, product.is_archived)) {
      throw new Refusal(problem('PRODUCT_NOT_FOUND', { productId }));
    }
    return { product, quantity };
  });
  const shortages = lines
    .filter(({ product, quantity }) => product.stock < quantity)
    .map(({ product: { id: productId, sku, stock: available }, quantity: requested }) => ({
      productId,
      sku,
      requested,
      available,
    }));
  if (shortages.length > 0) throw new Refusal(problem('OUT_OF_STOCK', { shortages }));

  const taken = await addToStock(
    tx,
    ids,
    demands.map((demand) => -demand.quantity),
  );
  if (taken !== demands.length) throw new Error('stock moved under a lock');
  await tx.reservationLine.createMany({
    data: lines.map(({ product, quantity }) => ({
      orderId,
      productId: product.id,
      quantity,
      sku: product.sku,
      name: product.name,
      priceCents: product.price_cents,
      currency: product.currency,
    })),
  });
  const cause = { orderId, actor: ORDER_SERVICE, reason: 'order placed' };
  await recordMovements(tx, 'RESERVED', demands, cause);
  const changes = lines.map(({ product: { id, sku, stock }, quantity }) =>
    takenFrom({ productId: id, sku, before: stock }, quantity),
  );
  await writeLowStock(tx, changes, lowStock);
};

/**
 * Takes stock for an order that was paid after its hold had been swept, or refuses it when there is
 * no longer enough. Two of these may meet: what the first made of the reservation stands.
 */
const takeAgain = async (
  tx: Transaction,
  { orderId, lines }: Reservation,
  lowStock: number,
): Promise<void> => {
  const ids = lines.map((line) => line.productId);
  const stock = new Map((await lockProducts(tx, ids)).map((row) => [row.id, row.stock]));
  const isShort = lines.some((line) => (stock.get(line.productId) ?? 0) < line.quantity);
  const now = new Date();
  const { count } = await tx.reservation.updateMany({
    where: { orderId, ...CAN_BE_TAKEN_AGAIN },
    data: { ...(isShort ? { refusedAt: now } : { status: 'COMMITTED' }), updatedAt: now },
  });
  if (isShort || count === 0) return;
  await addToStock(
    tx,
    ids,
    lines.map((line) => -line.quantity),
  );
  const cause = { orderId, actor: ORDER_SERVICE, reason: 'order paid after its hold had ended' };
  await recordMovements(tx, 'RESERVED', lines, cause);
  await recordMovements(tx, 'COMMITTED', lines, cause);
  const changes = lines.map(({ productId, sku, quantity }) =>
    takenFrom({ productId, sku, before: stock.get(productId) ?? 0 }, quantity),
  );
  await writeLowStock(tx, changes, lowStock);
};

/**
 * Keeps reservations in the product database.
 * @param lowStock the threshold at which others are told that a product runs low
 */
export const makePrismaReservationStore = (
  database: Database,
  lowStock: number,
): ReservationStore => ({
  reserve: async (orderId, demands, expiresAt) => {
    try {
      return await database.$transaction(async (tx) => {
        if (await openReservation(tx, orderId, expiresAt)) {
          await takeStock(tx, orderId, demands, lowStock);
        }
        const reservation = await findReservation(tx, orderId);
        if (!reservation) throw new Error('a reservation vanished in its transaction');
        return reservation;
      }, PATIENCE);
    } catch (error) {
      if (error instanceof Refusal) return error.reason;
      throw error;
    }
  },

  commit: (orderId) =>
    database.$transaction(async (tx) => {
      const { count: committed } = await tx.reservation.updateMany({
        where: { orderId, status: 'HELD' },
        data: { status: 'COMMITTED', updatedAt: new Date() },
      });
      const reservation = await findReservation(tx, orderId);
      if (committed === 1 && reservation) {
        const cause = { orderId, actor: ORDER_SERVICE, reason: 'order paid' };
        await recordMovements(tx, 'COMMITTED', reservation.lines, cause);
      }
      if (committed === 1 || reservation?.status !== 'RELEASED') return reservation;
      await takeAgain(tx, reservation, lowStock);
      return findReservation(tx, orderId);
    }, PATIENCE),

  release: (orderId, cause, expiredBy) =>
    database.$transaction(async (tx) => {
      const { count: released } = await tx.reservation.updateMany({
        where: { orderId, status: 'HELD', ...(expiredBy && { expiresAt: { lte: expiredBy } }) },
        data: { status: 'RELEASED', updatedAt: new Date() },
      });
      const reservation = await findReservation(tx, orderId);
      if (released === 1 && reservation) await giveBack(tx, reservation, cause);
      return reservation;
    }, PATIENCE),

  close: (orderId, cause) =>
    database.$transaction(async (tx) => {
      const now = new Date();
      const closed = { status: 'RELEASED', refusedAt: now, updatedAt: now } as const;
      const releaseHeld = async (): Promise<boolean> => {
        const where = { orderId, status: 'HELD' } as const;
        return (await tx.reservation.updateMany({ where, data: closed })).count === 1;
      };
      let isReleased = await releaseHeld();
      if (!isReleased) {
        // Whoever takes stock for the order at this moment has the row: its end is waited for.
        const { count: inserted } = await tx.reservation.createMany({
          data: [{ orderId, ...closed, expiresAt: now, createdAt: now }],
          skipDuplicates: true,
        });
        isReleased = inserted === 0 && (await releaseHeld());
      }
      if (!isReleased) {
        const where = { orderId, ...CAN_BE_TAKEN_AGAIN };
        await tx.reservation.updateMany({ where, data: closed });
      }
      const reservation = await findReservation(tx, orderId);
      if (!reservation) throw new Error('a reservation vanished in its transaction');
      if (isReleased) await giveBack(tx, reservation, cause);
      return reservation;
    }, PATIENCE),

  findExpired: async (now, limit, leftOut) => {
    const rows = await database.reservation.findMany({
      where: { status: 'HELD', expiresAt: { lte: now }, orderId: { notIn: [...leftOut] } },
      orderBy: { expiresAt: 'asc' },
      take: limit,
      select: { orderId: true },
    });
    return rows.map((row) => row.orderId);
  },
});
