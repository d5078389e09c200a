const SECOND_MS = 1_000;
const HOUR_MS = 60 * 60 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

/** How often a provider is polled about what it has not settled: the longer it took, the rarer. */
type PollRule = {
  /** The pause as a part of the age. */
  readonly share: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** What is older than this is no longer slow but lost: a person has to look. */
  readonly limitMs: number;
};

/** A bank debit takes days, SEPA's up to fourteen business days, and says so all the time. */
export const PAYMENT_POLL: PollRule = {
  share: 1 / 4,
  shortestMs: 15 * SECOND_MS,
  longestMs: HOUR_MS,
  limitMs: 30 * DAY_MS,
};

/** Nobody waits for the end of a refund as an order does for its payment. */
export const REFUND_POLL: PollRule = {
  share: 1,
  shortestMs: 15 * SECOND_MS,
  longestMs: 6 * HOUR_MS,
  limitMs: 14 * DAY_MS,
};

/** An owed refund that the provider declined is asked for again, under a new key. */
export const DEBT_RETRY: PollRule = {
  share: 1 / 4,
  shortestMs: 60 * SECOND_MS,
  longestMs: 6 * HOUR_MS,
  limitMs: 30 * DAY_MS,
};

/** When to poll again for what began at `since`; null when that is too long ago. */
export const nextPoll = (rule: PollRule, since: Date, now: Date): Date | null => {
  const ageMs = now.getTime() - since.getTime();
  if (ageMs > rule.limitMs) return null;
  const pauseMs = Math.min(Math.max(ageMs * rule.share, rule.shortestMs), rule.longestMs);
  return new Date(now.getTime() + pauseMs);
};
