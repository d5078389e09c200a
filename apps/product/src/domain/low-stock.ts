import { z } from 'zod';

/** The setting STOCK_LOW_THRESHOLD: how few units are few. The service and the commands read it. */
export const lowStockThreshold = z.coerce.number().int().min(0).default(5);

/** Units of a product that moved. */
export type StockChange = {
  readonly productId: string;
  readonly sku: string;
  readonly before: number;
  readonly after: number;
};

/** The change that taking `quantity` units makes. */
export const takenFrom = (
  { productId, sku, before }: Omit<StockChange, 'after'>,
  quantity: number,
): StockChange => ({ productId, sku, before, after: before - quantity });

/**
 * The changes by which a product's stock came to the threshold or below it. What was low before is
 * not among them: others are told once, until there is more again.
 */
export const findNewlyLow = (
  changes: readonly StockChange[],
  threshold: number,
): readonly StockChange[] =>
  changes.filter(({ before, after }) => before > threshold && after <= threshold);
