import type { PaymentProvider } from '../domain/payment-provider.ts';

/**
 * Lets nobody wait for a provider for longer than `timeoutMs`. What it was doing then goes on:
 * nobody knows how it ends until the provider is asked again.
 */
export const limitTime = (provider: PaymentProvider, timeoutMs: number): PaymentProvider => {
  const limit = async <Result>(work: Promise<Result>): Promise<Result> => {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      reject,
      timeoutMs,
      new Error(`${provider.name} did not answer in time`),
    );
    try {
      return await Promise.race([work, timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    ...provider,
    charge: (charge) => limit(provider.charge(charge)),
    find: (charge) => limit(provider.find(charge)),
    search: (charge) => limit(provider.search(charge)),
    refund: (refund) => limit(provider.refund(refund)),
    findRefund: (refund) => limit(provider.findRefund(refund)),
  };
};
