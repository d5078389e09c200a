const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How often a provider is polled about what it has not settled: less often with time. */
type PollSchedule = {
  /** The pause as a part of the age. */
  readonly share: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** After this time polling ends, and an operator has to intervene. */
  readonly limitMs: number;
};

/** A bank debit stays pending for days, with SEPA for up to fourteen business days. */
export const PAYMENT_POLL: PollSchedule = {
  share: 1 / 4,
  shortestMs: 15 * SECOND_MS,
  longestMs: HOUR_MS,
  limitMs: 30 * DAY_MS,
};

/** Less often than payments: no order waits for a refund. */
export const REFUND_POLL: PollSchedule = {
  share: 1,
  shortestMs: 15 * SECOND_MS,
  longestMs: 6 * HOUR_MS,
  limitMs: 14 * DAY_MS,
};

/** An owed refund that the provider declined is requested again, under a new key. */
export const DEBT_RETRY: PollSchedule = {
  share: 1 / 4,
  shortestMs: MINUTE_MS,
  longestMs: 6 * HOUR_MS,
  limitMs: 30 * DAY_MS,
};

/** When to poll next for what began at `since`; null after the limit. */
export const nextPoll = (schedule: PollSchedule, since: Date, now: Date): Date | null => {
  const ageMs = now.getTime() - since.getTime();
  if (ageMs > schedule.limitMs) return null;
  const pauseMs = Math.min(
    Math.max(ageMs * schedule.share, schedule.shortestMs),
    schedule.longestMs,
  );
  return new Date(now.getTime() + pauseMs);
};

/** The ages at which a decline is polled. After the last one only a webhook can contradict it. */
const DECLINE_POLLS_MS = [10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS] as const;

/** When to poll a decline next; null after the last poll. */
export const nextDeclinePoll = (declinedAt: Date, now: Date): Date | null => {
  const ageMs = now.getTime() - declinedAt.getTime();
  const nextMs = DECLINE_POLLS_MS.find((pollMs) => pollMs > ageMs);
  return nextMs === undefined ? null : new Date(declinedAt.getTime() + nextMs);
};
