import type { Money } from '@cartograph/money';

/** What a provider is asked to take. */
export type Charge = {
  /** The same key is the same charge: the provider takes the money once, however often it is asked. */
  readonly idempotencyKey: string;
  readonly amount: Money;
  readonly method: string;
};

/** What a provider says of a charge; `reference` is its own name for it. */
export type ChargeOutcome =
  | { readonly status: 'SUCCEEDED'; readonly reference: string }
  | { readonly status: 'FAILED'; readonly reference: string | null; readonly failureCode: string }
  | { readonly status: 'PROCESSING'; readonly reference: string };

/** How a charge is looked up: by the provider's name for it where it is known, else by its key. */
export type ChargeName = { readonly idempotencyKey: string; readonly reference: string | null };

/** A charge of which no reference is known, and when it was asked for first. */
export type LostCharge = { readonly idempotencyKey: string; readonly since: Date };

/** What a provider is asked to give back of a charge. The same key is the same refund. */
export type RefundRequest = {
  readonly idempotencyKey: string;
  readonly reference: string;
  readonly amount: Money;
};

/** What a provider says of a refund. */
export type RefundOutcome =
  | { readonly status: 'SUCCEEDED'; readonly reference: string }
  | { readonly status: 'FAILED'; readonly reference: string | null; readonly failureCode: string }
  | { readonly status: 'PROCESSING'; readonly reference: string };

/** What a provider tells by itself. It says that there is news of a charge, never what is true. */
export type ProviderNews = {
  readonly id: string;
  /** What of the charge the event names; null for an event that is about no charge. */
  readonly charge: { readonly key: string | null; readonly reference: string | null } | null;
};

/**
 * Somebody who takes money. What it is asked may fail with any error: then nobody knows what it
 * did, and it must be asked again.
 */
export type PaymentProvider = {
  readonly name: string;
  /** Used when the customer names none; null when one must be named. */
  readonly defaultMethod: string | null;
  /** How long it remembers a key, in milliseconds: asked later, it might take the money again. */
  readonly keyLifetimeMs: number;
  readonly acceptsMethod: (method: string) => boolean;
  /** Whether it can take exactly this. */
  readonly acceptsAmount: (amount: Money) => boolean;
  readonly charge: (charge: Charge) => Promise<ChargeOutcome>;
  /** What became of a charge; null when it can't be found, so that charging again tells. */
  readonly find: (charge: ChargeName) => Promise<ChargeOutcome | null>;
  /** Looks for a charge in all that there is, for when charging again does not tell. */
  readonly search: (charge: LostCharge) => Promise<ChargeOutcome | null>;
  readonly refund: (refund: RefundRequest) => Promise<RefundOutcome>;
  /** What is true now of a refund that it gave: it may have come back. Null when that is not known. */
  readonly findRefund: (refund: RefundRequest) => Promise<RefundOutcome | null>;
  /**
   * Reads an event from the raw body of a webhook.
   * @returns null when the signature does not prove that it is the provider's, or it can't be read
   */
  readonly readNews: (payload: string, signature: string) => ProviderNews | null;
};

/** Those who take money for the shop. */
export type Providers = {
  /** Who takes the money of new payments. */
  readonly chosen: PaymentProvider;
  readonly find: (name: string) => PaymentProvider | null;
};

/**
 * Who took the money of a payment.
 * @throws when the shop no longer knows that provider: its payments can't be looked after
 */
export const getProvider = (providers: Providers, name: string): PaymentProvider => {
  const provider = providers.find(name);
  if (!provider) throw new Error(`the payment provider ${name} is not configured`);
  return provider;
};
