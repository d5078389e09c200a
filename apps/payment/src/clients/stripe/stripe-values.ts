import { currencyDigits, type Money } from '@cartograph/money';
import type Stripe from 'stripe';
import type { ChargeClaim, ProviderOutcome } from '../../domain/payment-provider.ts';

/**
 * The digits of currencies whose minor unit at Stripe is not that of ISO 4217.
 * @see https://docs.stripe.com/currencies#special-cases
 */
const DIGITS: Readonly<Record<string, number>> = { ISK: 2, MGA: 0, UGX: 2 };

/** In currencies with three digits, Stripe requires that the last one is 0. */
const THREE_DIGITS = 3;

/** An amount in Stripe's minor units; null when it is not exact. */
export const toStripeAmount = ({ amount, currency }: Money): number | null => {
  const digits = currencyDigits(currency);
  if (digits === THREE_DIGITS && amount % 10 !== 0) return null;
  const more = (DIGITS[currency] ?? digits) - digits;
  // Divides by an integer, because a negative power of ten is not exact.
  const scaled = more < 0 ? amount / 10 ** -more : amount * 10 ** more;
  return Number.isSafeInteger(scaled) ? scaled : null;
};

/**
 * Codes that customers do not see: they would tell a thief that the card is reported as stolen.
 * @see https://docs.stripe.com/declines/codes
 */
const SECRET_CODES: ReadonlySet<string> = new Set([
  'fraudulent',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'restricted_card',
  'security_violation',
  'stolen_card',
]);

/** The failure code of a decline. Stripe's library has empty texts for absent codes. */
export const toFailureCode = (
  error: { readonly decline_code?: string | undefined; readonly code?: string | undefined } | null,
): string => {
  const code = error?.decline_code || error?.code || 'card_declined';
  return SECRET_CODES.has(code) ? 'card_declined' : code;
};

/**
 * What the type of an event says about its charge; null for other types.
 * @see https://docs.stripe.com/api/events/types
 */
export const toChargeClaim = (eventType: string): ChargeClaim => {
  switch (eventType) {
    case 'payment_intent.succeeded':
    case 'charge.succeeded':
      return 'SUCCEEDED';
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
    case 'charge.failed':
      return 'FAILED';
    case 'payment_intent.created':
    case 'payment_intent.processing':
    case 'charge.pending':
      return 'PROCESSING';
    default:
      return null;
  }
};

/** The outcome of a refund, by its status: https://docs.stripe.com/api/refunds/object. */
export const toRefundOutcome = (refund: Stripe.Refund): ProviderOutcome => {
  const { id: reference, status, failure_reason: reason } = refund;
  switch (status) {
    case 'succeeded':
      return { status: 'SUCCEEDED', reference };
    case 'failed':
    case 'canceled':
      return { status: 'FAILED', reference, failureCode: reason ?? status };
    // The default is for statuses that a newer API may add.
    case 'pending':
    case 'requires_action':
    case null:
    default:
      return { status: 'PROCESSING', reference };
  }
};
