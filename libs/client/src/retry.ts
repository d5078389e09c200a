import { sleepWithin, type Deadline } from './deadline.ts';
import type { ClientLimits } from './limits.ts';

/** How one attempt ended. */
export type Attempt<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | {
      readonly kind: 'again';
      /** The wait that the server asks for, in milliseconds; null if it says nothing. */
      readonly afterMs: number | null;
      /** The end of the call if there is no other attempt: returns or throws. */
      readonly giveUp: () => Value;
    };

/** Waits are spread over this part of themselves, so that clients do not all return at once. */
const SPREAD = 0.25;

/**
 * Repeats an attempt for as long as it should be, within the limits and the deadline. It waits at least
 * as long as the server asks for; when it may not wait that long, it gives up immediately.
 */
export const retry = async <Value>(
  attempt: () => Promise<Attempt<Value>>,
  { maxRetries, maxRetryWaitMs, firstRetryWaitMs }: ClientLimits,
  deadline: Deadline,
): Promise<Value> => {
  for (let retries = 0; ; retries += 1) {
    const outcome = await attempt();
    if (outcome.kind === 'done') return outcome.value;
    const leastMs = outcome.afterMs ?? Math.min(firstRetryWaitMs * 2 ** retries, maxRetryWaitMs);
    const waitMs = leastMs * (1 + SPREAD * Math.random());
    if (retries >= maxRetries || leastMs > maxRetryWaitMs || waitMs >= deadline.leftMs()) {
      return outcome.giveUp();
    }
    await sleepWithin(deadline.signal, waitMs);
  }
};

/**
 * Reads the header Retry-After (RFC 9110, section 10.2.3), in seconds or as a date.
 * @returns seconds; null for anything else
 */
export const readRetryAfter = (text: string | null, now = Date.now()): number | null => {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1_000));
};
