import { z } from 'zod';
import { MAX_STOCK } from './input.ts';

/** The variable STOCK_LOW_THRESHOLD, of the service and of the commands. */
export const lowStockThreshold = z.coerce.number().int().min(0).max(MAX_STOCK).default(5);

/** A change of one product's stock. */
export type StockChange = {
  readonly productId: string;
  readonly sku: string;
  readonly before: number;
  readonly after: number;
};

/**
 * The changes by which a product's stock fell to the threshold or below it. A product that was low
 * before is not among them: its event is sent once, until its stock rises above the threshold.
 */
export const findNewlyLow = (
  changes: readonly StockChange[],
  threshold: number,
): readonly StockChange[] =>
  changes.filter(({ before, after }) => before > threshold && after <= threshold);
