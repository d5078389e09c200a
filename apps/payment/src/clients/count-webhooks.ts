import { isProblem } from '@cartograph/errors';
import { metrics } from '@opentelemetry/api';
import type { EventReceipt, ProviderEvents } from '../domain/provider-events.ts';

const RESULTS = ['recorded', 'duplicate', 'refused'] as const;

const resultOf = ({ duplicate }: EventReceipt): (typeof RESULTS)[number] =>
  duplicate ? 'duplicate' : 'recorded';

/** Counts the webhooks that are received. */
export const countWebhooks = (events: ProviderEvents): ProviderEvents => {
  const counter = metrics
    .getMeter('cartograph.payment')
    .createCounter('shop.payment.webhook', { description: 'Webhooks that were received.' });
  for (const result of RESULTS) counter.add(0, { result });
  return {
    ...events,
    record: async (input) => {
      const receipt = await events.record(input);
      counter.add(1, { result: isProblem(receipt) ? 'refused' : resultOf(receipt) });
      return receipt;
    },
  };
};
