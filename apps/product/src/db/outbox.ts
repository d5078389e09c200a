import { writeEvents } from '@cartograph/events';
import { findNewlyLow, type StockChange } from '../domain/low-stock.ts';
import type { Transaction } from './make-database.ts';

/** Writes an event for each product whose stock fell to the threshold, in the same transaction. */
export const writeLowStock = (
  tx: Transaction,
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
