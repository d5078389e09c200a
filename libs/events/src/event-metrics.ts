import { metrics } from '@opentelemetry/api';
import type { EventType } from './event-types.ts';

/** Measures how events get on. */
export type EventMetrics = {
  readonly carried: (type: EventType, createdAt: Date) => void;
  /** @param step where events could not get on: `delivery`, or the name of a consumer */
  readonly failed: (step: string, isFinal: boolean) => void;
};

export const makeEventMetrics = (): EventMetrics => {
  const meter = metrics.getMeter('cartograph.events');
  const lag = meter.createHistogram('shop.event.lag', {
    description: 'From when an event happened to when the publishers had taken it.',
    unit: 's',
  });
  const failures = meter.createCounter('shop.event.failure', {
    description: 'Rounds of delivery, and tries of consumers, that failed.',
  });
  return {
    carried: (type, createdAt) =>
      lag.record(Math.max((Date.now() - createdAt.getTime()) / 1_000, 0), { type }),
    failed: (step, isFinal) => failures.add(1, { step, final: isFinal }),
  };
};
