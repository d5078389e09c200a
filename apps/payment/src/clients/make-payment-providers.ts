import type { Infrastructure } from '@cartograph/http';
import type { ProviderConfig } from '../config.ts';
import type { PaymentProvider, PaymentProviders } from '../domain/payment-provider.ts';
import { openLedger } from './simulator/ledger.ts';
import { drillProvider } from './drill-provider.ts';
import { measureProvider, ProviderTimeout } from './measure-provider.ts';
import { makeSimulator } from './simulator/make-simulator.ts';
import { makeWebhooks } from './simulator/webhooks.ts';

/** Limits the time of each request. A request that timed out may still succeed at the provider. */
const withTimeout = (provider: PaymentProvider, timeoutMs: number): PaymentProvider => {
  const limit = async <Result>(work: Promise<Result>): Promise<Result> => {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      reject,
      timeoutMs,
      new ProviderTimeout(`${provider.name} did not respond in time`),
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

/** Makes the configured payment providers. */
export const makePaymentProviders = async (
  config: ProviderConfig,
  databaseUrl: string,
  { log, drill }: Infrastructure,
): Promise<{
  readonly providers: PaymentProviders;
  /** Sends a webhook of the simulator. @throws when the response is not 2xx */
  readonly deliverWebhook: (body: string) => Promise<void>;
  readonly close: () => Promise<void>;
}> => {
  const { simulator, stripe, timeoutMs } = config;
  const byName = new Map<string, PaymentProvider>();
  const add = (provider: PaymentProvider) =>
    byName.set(
      provider.name,
      measureProvider(
        withTimeout(drill ? drillProvider(provider, drill.provider) : provider, timeoutMs),
      ),
    );

  const ledger =
    simulator &&
    openLedger(databaseUrl, (error) =>
      log.warn({ err: error }, 'connection of the simulator lost'),
    );
  const webhooks = simulator && makeWebhooks(simulator.seed, simulator.webhooks);
  if (simulator && ledger && webhooks) add(makeSimulator({ ...simulator, ledger, webhooks }));
  if (stripe) {
    // Stripe's library has a file for each of its resources.
    const { makeStripe } = await import('./stripe/make-stripe.ts');
    add(makeStripe(stripe, (fault) => log.error({ stripe: fault }, 'Stripe refused a request')));
  }

  const chosen = byName.get(config.chosen);
  if (!chosen) throw new Error(`the payment provider ${config.chosen} is not configured`);
  return {
    providers: { chosen, find: (name) => byName.get(name) ?? null },
    deliverWebhook: async (body) => webhooks?.deliver(body),
    close: async () => ledger?.close(),
  };
};
