import type { Reservation } from '../domain/reservation.ts';
import type { Cause, StockMovementKind } from '../domain/stock-ledger.ts';
import type { Transaction } from './make-database.ts';

type LockedProduct = {
  id: string;
  sku: string;
  name: string;
  price_cents: bigint;
  currency: string;
  stock: number;
  is_archived: boolean;
};

/**
 * Locks product rows in the order of ids, so that no two transactions deadlock. NO KEY: inserting
 * rows that reference these products does not wait.
 */
export const lockProducts = (tx: Transaction, ids: readonly string[]) =>
  tx.$queryRaw<LockedProduct[]>`
    SELECT id, sku, name, price_cents, currency, stock, archived_at IS NOT NULL AS is_archived
    FROM products WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/** Adds `quantities` to the stock of the products at the same index, where enough is left. */
export const addToStock = (
  tx: Transaction,
  ids: readonly string[],
  quantities: readonly number[],
) =>
  tx.$executeRaw`
    UPDATE products SET stock = stock + moved.quantity, updated_at = now()
    FROM unnest(${ids}::uuid[], ${quantities}::int[]) AS moved(product_id, quantity)
    WHERE products.id = moved.product_id AND products.stock >= -moved.quantity`;

/** What each kind of movement of `quantity` units does to stock and to held units. */
const DELTAS = {
  ADJUSTED: (quantity: number) => ({ stockDelta: quantity, heldDelta: 0 }),
  RESERVED: (quantity: number) => ({ stockDelta: -quantity, heldDelta: quantity }),
  COMMITTED: (quantity: number) => ({ stockDelta: 0, heldDelta: -quantity }),
  RELEASED: (quantity: number) => ({ stockDelta: quantity, heldDelta: -quantity }),
} as const satisfies Record<StockMovementKind, (quantity: number) => object>;

/** Writes movements into the ledger, in the transaction that moves the units. */
export const recordMovements = async (
  tx: Transaction,
  kind: StockMovementKind,
  units: readonly { readonly productId: string; readonly quantity: number }[],
  cause: Cause & { readonly orderId?: string },
): Promise<void> => {
  const { actor, reason, orderId = null } = cause;
  const createdAt = new Date();
  await tx.stockMovement.createMany({
    data: units
      .filter(({ quantity }) => quantity !== 0)
      .map(({ productId, quantity }) => ({
        ...DELTAS[kind](quantity),
        productId,
        kind,
        orderId,
        actor,
        reason,
        createdAt,
      })),
  });
};

/** Returns the units of a reservation to stock, in the transaction that releases it. */
export const returnUnits = async (
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
