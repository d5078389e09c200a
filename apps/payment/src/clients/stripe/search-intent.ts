import Stripe from 'stripe';
import type { ChargeSearch } from '../../domain/payment-provider.ts';
import { findByKey, KEY } from './find-by-key.ts';

/** Stripe may delete an idempotency key after 24 hours. */
export const KEY_LIFETIME_MS = 23 * 60 * 60_000;

/** The largest expected difference between Stripe's clock and this one. */
const CLOCK_SKEW_S = 300;

/**
 * How far Stripe's index may be behind its lists: mostly a minute, while Stripe has a fault an hour.
 * @see https://docs.stripe.com/search#data-freshness
 */
const INDEX_LAG_MS = 60 * 60_000;

/** Twice its lag after the last request under the key, the index has every intent of it. */
const INDEX_IS_COMPLETE_MS = KEY_LIFETIME_MS + 2 * INDEX_LAG_MS;

/** @returns undefined when the account has no index: Stripe does not offer it everywhere */
const searchIndex = async (
  stripe: Stripe,
  key: string,
): Promise<Stripe.PaymentIntent | null | undefined> => {
  try {
    // The shop makes the keys: they have no quotes.
    const { data } = await stripe.paymentIntents.search({ query: `metadata['${KEY}']:'${key}'` });
    const found = data.find(({ metadata }) => metadata[KEY] === key);
    // The index may have an old state of it.
    return found ? await stripe.paymentIntents.retrieve(found.id) : null;
  } catch (error) {
    const { StripeInvalidRequestError, StripePermissionError } = Stripe.errors;
    if (error instanceof StripeInvalidRequestError || error instanceof StripePermissionError) {
      return undefined;
    }
    throw error;
  }
};

/**
 * Searches all intents for the one with this idempotency key. A list is exact, but a busy shop has too
 * many intents in a day to read them. The index answers at once, but does not have the newest ones.
 * @param timeoutMs the timeout of reading the list
 * @returns null when there is no such intent
 * @throws when that is not known
 */
export const searchIntent = async (
  stripe: Stripe,
  { idempotencyKey, since }: ChargeSearch,
  timeoutMs: number,
): Promise<Stripe.PaymentIntent | null> => {
  const ageMs = Date.now() - since.getTime();
  if (ageMs > INDEX_LAG_MS) {
    const found = await searchIndex(stripe, idempotencyKey);
    if (found) return found;
    if (found === null && ageMs > INDEX_IS_COMPLETE_MS) return null;
  }
  const sinceS = Math.floor(since.getTime() / 1_000);
  const created = {
    gte: sinceS - CLOCK_SKEW_S,
    lte: sinceS + KEY_LIFETIME_MS / 1_000 + CLOCK_SKEW_S,
  };
  const list = stripe.paymentIntents.list({ created, limit: 100 });
  return findByKey(list, idempotencyKey, timeoutMs);
};
