import { writeEvents } from '@cartograph/events';
import { findNewlyLow, type StockChange } from '../domain/low-stock.ts';
import type { Prisma } from './generated/client.ts';

/**
 * Tells others which products came to the threshold, in the transaction that moves the stock. It
 * costs a statement only when there are any.
 */
export const writeLowStock = (
  tx: Prisma.TransactionClient,
  changes: readonly StockChange[],
  threshold: number,
): Promise<void> =>
  writeEvents(
    tx,
    findNewlyLow(changes, threshold).map(({ productId, sku, after }) => ({
      type: 'stock.low',
      subject: productId,
      data: { productId, sku, stock: after, threshold },
    })),
  );
