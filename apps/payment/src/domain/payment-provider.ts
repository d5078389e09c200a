import type { Money } from '@cartograph/money';

/** A request to capture money. */
export type Charge = {
  /** The provider captures the money once per key, however often it is requested. */
  readonly idempotencyKey: string;
  readonly amount: Money;
  readonly method: string;
};

/** The provider's state of a charge or a refund; `reference` is its own id for it. */
export type ProviderOutcome =
  | { readonly status: 'SUCCEEDED'; readonly reference: string }
  | { readonly status: 'FAILED'; readonly reference: string | null; readonly failureCode: string }
  | { readonly status: 'PROCESSING'; readonly reference: string };

export type FailedOutcome = Extract<ProviderOutcome, { status: 'FAILED' }>;

/** Finds a charge by the provider's id where it is known, else by its key. */
export type ChargeLookup = { readonly idempotencyKey: string; readonly reference: string | null };

/** Finds a charge without a known reference, by the time of its first request. */
export type ChargeSearch = { readonly idempotencyKey: string; readonly since: Date };

/** A request to refund a part of a charge. The provider refunds once per key. */
export type RefundRequest = {
  readonly idempotencyKey: string;
  readonly reference: string;
  readonly amount: Money;
};

/**
 * What a webhook says about a charge; null when it says something else, such as a refund. It may be old
 * or wrong, so nothing is settled by it: a webhook that says what is stored already is ignored.
 */
export type ChargeClaim = 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | null;

/** A verified webhook. It says that a charge has changed; the provider is queried for the state. */
export type WebhookEvent = {
  readonly id: string;
  readonly claim: ChargeClaim;
  /** The charge that the event names; null for an event about something else. */
  readonly charge: { readonly key: string | null; readonly reference: string | null } | null;
};

/** A way to pay, as clients may offer it. */
export type PaymentMethod = {
  readonly name: string;
  /** What a client sends: the name, or an id that the provider's library made in the client. */
  readonly kind: 'NAME' | 'PROVIDER_ID';
};

/**
 * A payment provider. Each request may fail with any error: then its result is unknown, and it must
 * be requested again.
 */
export type PaymentProvider = {
  readonly name: string;
  /** Used when the customer names none; null when the customer must name one. */
  readonly defaultMethod: string | null;
  /** How long it stores a key, in milliseconds: later it might capture the money again. */
  readonly keyLifetimeMs: number;
  /** The methods that clients may offer, the default first. */
  readonly methods: readonly PaymentMethod[];
  readonly acceptsMethod: (method: string) => boolean;
  /** Whether it can capture, or refund, exactly this amount. */
  readonly acceptsAmount: (amount: Money) => boolean;
  readonly charge: (charge: Charge) => Promise<ProviderOutcome>;
  /** The current state of a charge; null when only a repeated charge can tell. */
  readonly find: (charge: ChargeLookup) => Promise<ProviderOutcome | null>;
  /** Searches all charges, for when a repeated charge cannot tell the state. */
  readonly search: (charge: ChargeSearch) => Promise<ProviderOutcome | null>;
  readonly refund: (refund: RefundRequest) => Promise<ProviderOutcome>;
  /** The current state of a succeeded refund, which may have been returned; null when unknown. */
  readonly findRefund: (refund: RefundRequest) => Promise<ProviderOutcome | null>;
  /**
   * Parses the raw body of a webhook.
   * @returns null when its signature or its content is not valid
   */
  readonly parseWebhookEvent: (payload: string, signature: string) => WebhookEvent | null;
};

/** The configured payment providers. */
export type PaymentProviders = {
  /** The provider of new payments. */
  readonly chosen: PaymentProvider;
  readonly find: (name: string) => PaymentProvider | null;
};

/**
 * The provider of a stored payment.
 * @throws when it is no longer configured: its payments cannot be settled or refunded
 */
export const getProvider = (providers: PaymentProviders, name: string): PaymentProvider => {
  const provider = providers.find(name);
  if (!provider) throw new Error(`the payment provider ${name} is not configured`);
  return provider;
};
