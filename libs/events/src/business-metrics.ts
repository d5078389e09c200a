import { metrics } from '@opentelemetry/api';
import type { EventType } from './event-types.ts';
import type { PublishedEvent } from './publish-in-database.ts';

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
 * Counts what happens in the shop.
 * @returns counts events that were published in the database: each event once. The counters grow
 *   after that has committed, so a process that dies in between counts too few
 */
export const makeBusinessMetrics = (): ((events: readonly PublishedEvent[]) => void) => {
  const meter = metrics.getMeter('cartograph.business');
  const types = Object.keys(COUNTERS) as EventType[];
  const counters = new Map(
    types.map((type) => {
      const { name, description } = COUNTERS[type];
      return [type, meter.createCounter(name, { description })];
    }),
  );
  return (events) => {
    for (const { type, reason } of events) {
      counters.get(type)?.add(1, reason === null ? {} : { reason });
    }
  };
};
