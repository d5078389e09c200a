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

type Transaction = Prisma.TransactionClient;

/** Who moves the stock of orders. */
const ORDER_SERVICE = 'order';

type LockedProduct = {
  id: string;
  sku: string;
  name: string;
  price_cents: bigint;
  currency: string;
  stock: number;
  is_archived: boolean;
};

/** Rolls the transaction back, and carries the reason out of it. */
class Refusal extends Error {
  readonly reason: OutOfStock | ProductNotFound;

  constructor(reason: OutOfStock | ProductNotFound) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Locks the rows in the order of ids. NO KEY: a lock on stock need not stop new lines pointing here. */
const lockProducts = (tx: Transaction, ids: readonly string[]) =>
  tx.$queryRaw<LockedProduct[]>`
    SELECT id, sku, name, price_cents, currency, stock, archived_at IS NOT NULL AS is_archived
    FROM products WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/** Adds `quantities` to stock, each to the product at its place; only where enough is left. */
const addToStock = (tx: Transaction, ids: readonly string[], quantities: readonly number[]) =>
  tx.$executeRaw`
    UPDATE products SET stock = stock + demand.quantity, updated_at = now()
    FROM unnest(${ids}::uuid[], ${quantities}::int[]) AS demand(product_id, quantity)
    WHERE products.id = demand.product_id AND products.stock >= -demand.quantity`;

const findReservation = async (tx: Transaction, orderId: string): Promise<Reservation | null> => {
  const row = await tx.reservation.findUnique({
    where: { orderId },
    include: { lines: { orderBy: { productId: 'asc' } } },
  });
  if (!row) return null;
  return {
    orderId,
    status: row.status,
    lines: row.lines.map(({ productId, quantity, sku, name, priceCents, currency }) => ({
      productId,
      quantity,
      sku,
      name,
      unitPrice: { amount: Number(priceCents), currency },
    })),
  };
};

/** A refusal is the last word: whoever heard it may be cancelling the order. */
const CAN_BE_TAKEN_AGAIN = { status: 'RELEASED', refusedAt: null } as const;

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
      if (released === 1 && reservation) {
        const ids = reservation.lines.map((line) => line.productId);
        await lockProducts(tx, ids);
        await addToStock(
          tx,
          ids,
          reservation.lines.map((line) => line.quantity),
        );
        await recordMovements(tx, 'RELEASED', reservation.lines, { ...cause, orderId });
      }
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
