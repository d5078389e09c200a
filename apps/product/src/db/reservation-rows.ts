import type { Reservation } from '../domain/reservation.ts';
import type { Cause } from '../domain/stock-movement.ts';
import type { Prisma } from './generated/client.ts';
import { recordMovements } from './make-prisma-stock-ledger.ts';

type Transaction = Prisma.TransactionClient;

type LockedProduct = {
  id: string;
  sku: string;
  name: string;
  price_cents: bigint;
  currency: string;
  stock: number;
  is_archived: boolean;
};

/** Locks the rows in the order of ids. NO KEY: a lock on stock need not stop new lines pointing here. */
export const lockProducts = (tx: Transaction, ids: readonly string[]) =>
  tx.$queryRaw<LockedProduct[]>`
    SELECT id, sku, name, price_cents, currency, stock, archived_at IS NOT NULL AS is_archived
    FROM products WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/** Adds `quantities` to stock, each to the product at its place; only where enough is left. */
export const addToStock = (
  tx: Transaction,
  ids: readonly string[],
  quantities: readonly number[],
) =>
  tx.$executeRaw`
    UPDATE products SET stock = stock + demand.quantity, updated_at = now()
    FROM unnest(${ids}::uuid[], ${quantities}::int[]) AS demand(product_id, quantity)
    WHERE products.id = demand.product_id AND products.stock >= -demand.quantity`;

export const findReservation = async (
  tx: Transaction,
  orderId: string,
): Promise<Reservation | null> => {
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

/** What is closed stays so: whoever heard of it may be cancelling the order. */
export const CAN_BE_TAKEN_AGAIN = { status: 'RELEASED', refusedAt: null } as const;

/** Gives the units of a reservation back that was made RELEASED in this transaction. */
export const giveBack = async (
  tx: Transaction,
  { orderId, lines }: Reservation,
  cause: Cause,
): Promise<void> => {
  const ids = lines.map((line) => line.productId);
  await lockProducts(tx, ids);
  await addToStock(
    tx,
    ids,
    lines.map((line) => line.quantity),
  );
  await recordMovements(tx, 'RELEASED', lines, { ...cause, orderId });
};
