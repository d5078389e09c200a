import type { Cause } from '../domain/stock-ledger.ts';
import { changedAt } from './changed-at.ts';
import { Prisma } from './generated/client.ts';
import type { Transaction } from './make-database.ts';

type LockedProduct = { id: string; sku: string; stock: number };

/**
 * Locks product rows in the order of ids, so that no two transactions deadlock. NO KEY: inserting
 * rows that reference these products does not wait.
 */
export const lockProducts = (tx: Transaction, ids: readonly string[]) =>
  tx.$queryRaw<LockedProduct[]>`
    SELECT id, sku, stock FROM products WHERE id = ANY(${ids}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`;

/** Adds `quantities` to the stock of the products at the same index, where enough is left. */
export const addToStock = (
  tx: Transaction,
  ids: readonly string[],
  quantities: readonly number[],
) =>
  tx.$executeRaw`
    UPDATE products SET stock = stock + moved.quantity,
      updated_at = ${Prisma.raw(changedAt('updated_at'))}
    FROM unnest(${ids}::uuid[], ${quantities}::int[]) AS moved(product_id, quantity)
    WHERE products.id = moved.product_id AND products.stock >= -moved.quantity`;

/** Writes adjustments of stock into the ledger, in the transaction that makes them. */
export const recordAdjustments = async (
  tx: Transaction,
  units: readonly { readonly productId: string; readonly quantity: number }[],
  { actor, reason }: Cause,
): Promise<void> => {
  const createdAt = new Date();
  await tx.stockMovement.createMany({
    data: units
      .filter(({ quantity }) => quantity !== 0)
      .map(({ productId, quantity: stockDelta }) => ({
        productId,
        kind: 'ADJUSTED' as const,
        stockDelta,
        heldDelta: 0,
        actor,
        reason,
        createdAt,
      })),
  });
};
