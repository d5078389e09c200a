import type { Logger } from '@cartograph/logging';
import { limitTime } from './clients/limit-time.ts';
import { makeStripe, type StripeRefusal } from './clients/make-stripe.ts';
import { openSimulatorBooks } from './clients/simulator/books.ts';
import { makeSimulator } from './clients/simulator/make-simulator.ts';
import { makeWebhooks } from './clients/simulator/webhooks.ts';
import type { PaymentProvider, Providers } from './domain/payment-provider.ts';
import type { ProviderConfig } from './provider-config.ts';

/** Wires those who take the money. */
export const openProviders = (
  config: ProviderConfig,
  databaseUrl: string,
  log: Logger,
): {
  readonly providers: Providers;
  /** Sends a webhook of the simulator. @throws when it is not taken */
  readonly deliverWebhook: (body: string) => Promise<void>;
  readonly close: () => Promise<void>;
} => {
  const { simulator, stripe, timeoutMs } = config;
  const byName = new Map<string, PaymentProvider>();
  const add = (provider: PaymentProvider) =>
    byName.set(provider.name, limitTime(provider, timeoutMs));

  const books =
    simulator &&
    openSimulatorBooks(databaseUrl, (error) =>
      log.warn({ err: error }, 'connection of the simulator lost'),
    );
  const webhooks = simulator && makeWebhooks(simulator.seed, simulator.webhooks);
  if (simulator && books && webhooks) add(makeSimulator({ ...simulator, books, webhooks }));
  if (stripe) {
    const onRefused = (refusal: StripeRefusal) =>
      log.error({ stripe: refusal }, 'Stripe refused a request');
    add(makeStripe(stripe, onRefused));
  }

  const chosen = byName.get(config.chosen);
  if (!chosen) throw new Error(`the payment provider ${config.chosen} is not configured`);
  return {
    providers: { chosen, find: (name) => byName.get(name) ?? null },
    deliverWebhook: async (body) => webhooks?.deliver(body),
    close: async () => books?.close(),
  };
};
