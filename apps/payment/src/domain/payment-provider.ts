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
  | { readonly status: 'FAILED'; readonly reference: string; readonly failureCode: string }
  | { readonly status: 'PROCESSING'; readonly reference: string };

/** Somebody who takes money. */
export type PaymentProvider = {
  readonly name: string;
  /** Used when the customer names none. */
  readonly defaultMethod: string;
  readonly acceptsMethod: (method: string) => boolean;
  readonly charge: (charge: Charge) => Promise<ChargeOutcome>;
};
