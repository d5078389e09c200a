import { makeEvent } from '@cartograph/events';

/**
 * The envelope of a stock.low event, as JSON. The statement adds what only it knows: `id`, `subject`
 * and `data` (see LOW_STOCK_EVENT).
 */
export const makeLowStockEnvelope = (): string => {
  const data = { productId: '', sku: '', stock: 0, threshold: 0 };
  return JSON.stringify(makeEvent({ type: 'stock.low', subject: '', data }));
};

/**
 * The columns id, envelope and created_at of the event of a row with event_id, product_id, sku and the
 * stock that is left.
 * @param envelope the parameter with makeLowStockEnvelope, and `threshold` that of the threshold
 */
export const lowStockEvent = (envelope: string, threshold: string): string => `
  event_id,
  ${envelope}::jsonb || jsonb_build_object('id', event_id, 'subject', product_id, 'data',
    jsonb_build_object('productId', product_id, 'sku', sku, 'stock', stock_left,
      'threshold', ${threshold}::int)),
  (${envelope}::jsonb->>'time')::timestamptz`;
