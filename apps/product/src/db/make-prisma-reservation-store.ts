import { problem } from '@cartograph/errors';
import { takenFrom } from '../domain/low-stock.ts';
import type { ReservationStore } from '../domain/reservation-store.ts';
import type { OutOfStock, ProductNotFound, Reservation, Units } from '../domain/reservation.ts';
import { TRANSACTION_TIMEOUTS, type Database, type Transaction } from './make-database.ts';
import { addToStock, lockProducts, recordMovements, returnUnits } from './move-stock.ts';
import { writeLowStock } from './outbox.ts';
import { isForSale, toReservation } from './rows.ts';

/** The actor in the ledger. */
const ORDER_SERVICE = 'order';

/** Rolls the transaction back and carries the problem to its caller. */
class ProblemError extends Error {
  readonly problem: OutOfStock | ProductNotFound;

  constructor(reason: OutOfStock | ProductNotFound) {
    super(reason.message);
    this.problem = reason;
  }
}

/** A closed reservation (`refusedAt`) is final: its order may be cancelled because of it. */
const REOPENABLE = { status: 'RELEASED', refusedAt: null } as const;

const findReservation = async (tx: Transaction, orderId: string): Promise<Reservation | null> => {
  const row = await tx.reservation.findUnique({
    where: { orderId },
    include: { lines: { orderBy: { productId: 'asc' } } },
  });
  return row && toReservation(row);
};

/** Creates or reopens a reservation. @returns whether the caller must take its stock */
const openReservation = async (tx: Transaction, orderId: string, expiresAt: Date) => {
  const now = new Date();
  const { count: inserted } = await tx.reservation.createMany({
    data: [{ orderId, expiresAt, createdAt: now, updatedAt: now }],
    skipDuplicates: true,
  });
  if (inserted === 1) return true;
  const { count: reopened } = await tx.reservation.updateMany({
    where: { orderId, ...REOPENABLE },
    data: { status: 'HELD', expiresAt, updatedAt: now },
  });
  if (reopened === 1) {
    await tx.reservationLine.deleteMany({ where: { orderId } });
    return true;
  }
  // A retry after a crash prolongs the hold to the lifetime of its new order.
  await tx.reservation.updateMany({
    where: { orderId, status: 'HELD', expiresAt: { lt: expiresAt } },
    data: { expiresAt, updatedAt: now },
  });
  return false;
};

const takeStock = async (
  tx: Transaction,
  orderId: string,
  units: readonly Units[],
  lowStock: number,
) => {
  const ids = units.map(({ productId }) => productId);
  const products = new Map((await lockProducts(tx, ids)).map((row) => [row.id, row]));
  const lines = units.map(({ productId, quantity }) => {
    const product = products.get(productId);
    if (!product || !isForSale(product.price_cents, product.currency, product.is_archived)) {
      throw new ProblemError(problem('PRODUCT_NOT_FOUND', { productId }));
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
  if (shortages.length > 0) throw new ProblemError(problem('OUT_OF_STOCK', { shortages }));

  const taken = await addToStock(
    tx,
    ids,
    units.map(({ quantity }) => -quantity),
  );
  if (taken !== units.length) throw new Error('stock changed despite its lock');
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
  await recordMovements(tx, 'RESERVED', units, cause);
  const changes = lines.map(({ product: { id, sku, stock }, quantity }) =>
    takenFrom({ productId: id, sku, before: stock }, quantity),
  );
  await writeLowStock(tx, changes, lowStock);
};

/**
 * Takes stock for an order that was paid after its hold expired, or closes the reservation when
 * there is not enough. Of two concurrent calls the first one wins.
 */
const retakeStock = async (
  tx: Transaction,
  { orderId, lines }: Reservation,
  lowStock: number,
): Promise<void> => {
  const ids = lines.map((line) => line.productId);
  const stock = new Map((await lockProducts(tx, ids)).map((row) => [row.id, row.stock]));
  const isShort = lines.some((line) => (stock.get(line.productId) ?? 0) < line.quantity);
  const now = new Date();
  const { count } = await tx.reservation.updateMany({
    where: { orderId, ...REOPENABLE },
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
 * Stores reservations in the product database.
 * @param lowStock the threshold at or below which a low stock event is written
 */
export const makePrismaReservationStore = (
  database: Database,
  lowStock: number,
): ReservationStore => ({
  reserve: async (orderId, units, expiresAt) => {
    try {
      return await database.$transaction(async (tx) => {
        if (await openReservation(tx, orderId, expiresAt)) {
          await takeStock(tx, orderId, units, lowStock);
        }
        const reservation = await findReservation(tx, orderId);
        if (!reservation) throw new Error('a reservation disappeared within its transaction');
        return reservation;
      }, TRANSACTION_TIMEOUTS);
    } catch (error) {
      if (error instanceof ProblemError) return error.problem;
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
      await retakeStock(tx, reservation, lowStock);
      return findReservation(tx, orderId);
    }, TRANSACTION_TIMEOUTS),

  release: (orderId, cause, expiredBy) =>
    database.$transaction(async (tx) => {
      const { count: released } = await tx.reservation.updateMany({
        where: { orderId, status: 'HELD', ...(expiredBy && { expiresAt: { lte: expiredBy } }) },
        data: { status: 'RELEASED', updatedAt: new Date() },
      });
      const reservation = await findReservation(tx, orderId);
      if (released === 1 && reservation) await returnUnits(tx, reservation, cause);
      return reservation;
    }, TRANSACTION_TIMEOUTS),

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
        // Waits for a concurrent transaction that reserves stock for the order: it holds the row.
        const { count: inserted } = await tx.reservation.createMany({
          data: [{ orderId, ...closed, expiresAt: now, createdAt: now }],
          skipDuplicates: true,
        });
        isReleased = inserted === 0 && (await releaseHeld());
      }
      if (!isReleased) {
        const where = { orderId, ...REOPENABLE };
        await tx.reservation.updateMany({ where, data: closed });
      }
      const reservation = await findReservation(tx, orderId);
      if (!reservation) throw new Error('a reservation disappeared within its transaction');
      if (isReleased) await returnUnits(tx, reservation, cause);
      return reservation;
    }, TRANSACTION_TIMEOUTS),

  findExpired: async (now, limit, excluded) => {
    const rows = await database.reservation.findMany({
      where: { status: 'HELD', expiresAt: { lte: now }, orderId: { notIn: [...excluded] } },
      orderBy: { expiresAt: 'asc' },
      take: limit,
      select: { orderId: true },
    });
    return rows.map((row) => row.orderId);
  },
});
