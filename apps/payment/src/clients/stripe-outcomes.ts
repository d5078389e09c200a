import type Stripe from 'stripe';
import type { RefundOutcome } from '../domain/payment-provider.ts';

/**
 * What a customer is not told: who tries a stolen card would learn that it is known as such.
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

/** What is said of a decline. The library has empty texts for what Stripe does not say. */
export const toFailureCode = (
  fault: { readonly decline_code?: string | undefined; readonly code?: string | undefined } | null,
): string => {
  const code = fault?.decline_code || fault?.code || 'card_declined';
  return SECRET_CODES.has(code) ? 'card_declined' : code;
};

export const toRefundOutcome = (refund: Stripe.Refund): RefundOutcome => {
  const { id: reference, status, failure_reason: reason } = refund;
  switch (status) {
    case 'succeeded':
      return { status: 'SUCCEEDED', reference };
    case 'failed':
    case 'canceled':
      return { status: 'FAILED', reference, failureCode: reason ?? status };
    // It has yet to be sent, to be acted on, or to be read by us.
    case 'pending':
    case 'requires_action':
    case null:
    default:
      return { status: 'PROCESSING', reference };
  }
};
