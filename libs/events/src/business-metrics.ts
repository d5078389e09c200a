import { metrics } from '@opentelemetry/api';
import { eventTypes, type EventType } from './event-types.ts';
import type { Consumer } from './inbox.ts';

/** The counter of each type of event. */
const COUNTERS: Readonly<Record<EventType, { name: string; description: string }>> = {
  'order.created': { name: 'shop.order.placed', description: 'Orders that were made.' },
  'order.confirmed': { name: 'shop.order.confirmed', description: 'Orders that were paid.' },
  'order.cancelled': {
    name: 'shop.order.cancelled',
    description: 'Orders that ended unpaid or were taken back, by reason.',
  },
  'payment.succeeded': { name: 'shop.payment.succeeded', description: 'Payments that were taken.' },
  'payment.failed': { name: 'shop.payment.failed', description: 'Payments that were declined.' },
  'payment.refunded': { name: 'shop.payment.refunded', description: 'Refunds that were given.' },
  'stock.low': {
    name: 'shop.stock.low',
    description: 'Times that a product’s stock fell to its threshold or below.',
  },
};

/**
 * Counts what happens in the shop: each event once, however often it is published. The counter grows
 * after the event is marked as consumed, so a process that dies in between counts one too few.
 */
export const makeBusinessMetrics = (): Consumer => {
  const meter = metrics.getMeter('cartograph.business');
  const types = Object.keys(COUNTERS) as EventType[];
  const counters = new Map(
    types.map((type) => {
      const { name, description } = COUNTERS[type];
      return [type, meter.createCounter(name, { description })];
    }),
  );
  return {
    name: 'business_metrics',
    types: Object.keys(eventTypes) as EventType[],
    handle: async (event) => () => {
      const reason = event.type === 'order.cancelled' ? event.data.cancellationReason : null;
      counters.get(event.type)?.add(1, reason === null ? {} : { reason });
    },
  };
};
