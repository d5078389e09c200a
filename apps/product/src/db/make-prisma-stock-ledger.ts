import type { ReportFault } from '@cartograph/validation';
import { cutPage } from '@cartograph/pagination';
import { findMovementFault } from '../domain/display-fault.ts';
import type { StockLedger } from '../domain/stock-ledger.ts';
import type { Cause, StockMovementKind } from '../domain/stock-movement.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** What each kind of movement of `quantity` units does to stock and to what is held. */
const DELTAS = {
  ADJUSTED: (quantity: number) => ({ stockDelta: quantity, heldDelta: 0 }),
  RESERVED: (quantity: number) => ({ stockDelta: -quantity, heldDelta: quantity }),
  COMMITTED: (quantity: number) => ({ stockDelta: 0, heldDelta: -quantity }),
  RELEASED: (quantity: number) => ({ stockDelta: quantity, heldDelta: -quantity }),
} as const satisfies Record<StockMovementKind, (quantity: number) => object>;

/** Writes movements into the ledger, in the transaction that moves the units. */
export const recordMovements = async (
  tx: Prisma.TransactionClient,
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

/**
 * Reads the stock ledger of the product database.
 * @param report receives the lines that can't be shown
 */
export const makePrismaStockLedger = (database: Database, report: ReportFault): StockLedger => ({
  listMovements: async ({ productId, orderId }, { first, after }) => {
    const rows = await database.stockMovement.findMany({
      where: {
        ...(productId !== undefined && { productId }),
        ...(orderId !== undefined && { orderId }),
        ...(after !== null && { id: { lt: BigInt(after) } }),
      },
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return cutPage(
      rows.map(({ id, createdAt: at, ...row }) => {
        const movement = { ...row, id: String(id), at };
        const fault = findMovementFault(movement);
        if (fault !== null) report({ table: 'stock_movements', id: movement.id, fault });
        return { id: movement.id, movement: fault === null ? movement : null };
      }),
      first,
    );
  },
});
