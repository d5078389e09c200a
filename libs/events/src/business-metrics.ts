import { metrics } from '@opentelemetry/api';
import { eventTypes, type EventSource, type EventType } from './event-types.ts';
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

/** The reasons of a counter. Their series begin at 0, so that the first increase is seen. */
const REASONS: Readonly<Partial<Record<EventType, readonly string[]>>> = {
  'order.cancelled': ['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'OUT_OF_STOCK', 'ADMIN'],
};

/**
 * Counts what happens in the shop.
 * @param source of this service's events, whose counters begin at 0
 * @returns counts events that were published in the database: each event once. The counters grow
 *   after that has committed, so a process that dies in between counts too few
 */
export const makeBusinessMetrics = (
  source: EventSource,
): ((events: readonly PublishedEvent[]) => void) => {
  const meter = metrics.getMeter('cartograph.business');
  const types = Object.keys(COUNTERS) as EventType[];
  const counters = new Map(
    types.map((type) => {
      const { name, description } = COUNTERS[type];
      return [type, meter.createCounter(name, { description })];
    }),
  );
  for (const type of types.filter((each) => eventTypes[each].source === source)) {
    const reasons = REASONS[type]?.map((reason) => ({ reason })) ?? [{}];
    for (const attributes of reasons) counters.get(type)?.add(0, attributes);
  }
  return (events) => {
    for (const { type, reason } of events) {
      counters.get(type)?.add(1, reason === null ? {} : { reason });
    }
  };
};
