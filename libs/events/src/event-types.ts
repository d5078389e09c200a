import { z } from 'zod';

/** Amounts are whole minor units (cents), currencies ISO 4217. */
const money = z.strictObject({ amount: z.number().int(), currency: z.string().length(3) });

const order = z.strictObject({
  orderId: z.uuid(),
  userId: z.uuid(),
  status: z.enum(['PENDING', 'CONFIRMED', 'CANCELLED']),
  total: money,
  items: z.array(
    z.strictObject({ productId: z.uuid(), quantity: z.number().int().min(1), unitPrice: money }),
  ),
  cancellationReason: z.string().nullable(),
});

const payment = z.strictObject({
  paymentId: z.uuid(),
  orderId: z.uuid(),
  attempt: z.number().int().min(1),
  amount: z.number().int(),
  currency: z.string().length(3),
});

/**
 * Every type of event with its data: the contract with all consumers. Fields may be added, never
 * renamed or removed. docs/events.md says what each means.
 */
export const eventTypes = {
  'order.created': { source: '/order', data: order },
  'order.confirmed': { source: '/order', data: order },
  'order.cancelled': { source: '/order', data: order },
  'payment.succeeded': { source: '/payment', data: payment },
  'payment.failed': {
    source: '/payment',
    data: payment.extend({ failureCode: z.string().nullable() }),
  },
  'payment.refunded': {
    source: '/payment',
    data: payment.extend({
      refundId: z.uuid(),
      refundAmount: z.number().int().min(1),
      refunded: z.number().int().min(1),
    }),
  },
  'stock.low': {
    source: '/product',
    data: z.strictObject({
      productId: z.uuid(),
      sku: z.string(),
      stock: z.number().int().min(0),
      threshold: z.number().int().min(0),
    }),
  },
} as const;

export type EventType = keyof typeof eventTypes;

/** The service that an event happened in. */
export type EventSource = (typeof eventTypes)[EventType]['source'];

/** The data of an event. */
export type EventData<Type extends EventType> = z.infer<(typeof eventTypes)[Type]['data']>;
