import { DURATION_BOUNDARIES } from '@cartograph/telemetry';
import { metrics } from '@opentelemetry/api';
import type { PaymentProvider } from '../domain/payment-provider.ts';

/** The error of a provider that did not respond in time. */
export class ProviderTimeout extends Error {
  override readonly name = 'ProviderTimeout';
}

/** Measures the requests to a payment provider, with its own limit of time around each. */
export const measureProvider = (provider: PaymentProvider): PaymentProvider => {
  const histogram = metrics
    .getMeter('cartograph.payment')
    .createHistogram('shop.payment.provider.duration', {
      description: 'Duration of requests to the payment provider.',
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    });
  const measure = async <Result>(
    operation: string,
    request: () => Promise<Result>,
  ): Promise<Result> => {
    const startedAt = performance.now();
    const record = (outcome: Readonly<Record<string, string>>): void =>
      histogram.record((performance.now() - startedAt) / 1_000, {
        provider: provider.name,
        operation,
        ...outcome,
      });
    try {
      const result = await request();
      record({});
      return result;
    } catch (error) {
      record({ 'error.type': error instanceof ProviderTimeout ? 'timeout' : 'error' });
      throw error;
    }
  };
  return {
    ...provider,
    charge: (charge) => measure('charge', () => provider.charge(charge)),
    find: (charge) => measure('find', () => provider.find(charge)),
    search: (charge) => measure('search', () => provider.search(charge)),
    refund: (refund) => measure('refund', () => provider.refund(refund)),
    findRefund: (refund) => measure('findRefund', () => provider.findRefund(refund)),
  };
};
