import { currencyDigits, type Money } from '@cartograph/money';

/**
 * Where Stripe's smallest unit is not that of ISO 4217, by the digits that Stripe counts.
 * @see https://docs.stripe.com/currencies#special-cases
 */
const DIGITS: Readonly<Record<string, number>> = { ISK: 2, MGA: 0, UGX: 2 };

/** Of three digits Stripe takes two: the last one has to be 0. */
const THREE_DIGITS = 3;

/** An amount as Stripe counts it; null for one that it can't take exactly. */
export const toStripeAmount = ({ amount, currency }: Money): number | null => {
  const digits = currencyDigits(currency);
  if (digits === THREE_DIGITS && amount % 10 !== 0) return null;
  const more = (DIGITS[currency] ?? digits) - digits;
  // Divided by a whole number, so that nothing is rounded.
  const scaled = more < 0 ? amount / 10 ** -more : amount * 10 ** more;
  return Number.isSafeInteger(scaled) ? scaled : null;
};
