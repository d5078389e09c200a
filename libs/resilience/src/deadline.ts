import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * How many milliseconds the caller still waits. What is left travels, not a time of day: clocks
 * need not agree.
 */
export const DEADLINE_HEADER = 'x-request-timeout-ms';

/** Nobody waits longer; a larger number is a mistake. */
const LONGEST_MS = 10 * 60_000;

/** When the request that is worked on must be answered, in this process's monotonic time. */
const deadlines = new AsyncLocalStorage<number | null>();

/** Reads the header; null when the caller set no bound that can be read. */
export const readDeadline = (header: string | readonly string[] | undefined): number | null => {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return null;
  const timeoutMs = Number(header);
  return timeoutMs <= LONGEST_MS ? timeoutMs : null;
};

/** Runs `work` for a caller that waits this long; for one that set no bound, when null. */
export const runWithDeadline = <Result>(timeoutMs: number | null, work: () => Result): Result =>
  deadlines.run(timeoutMs === null ? null : performance.now() + timeoutMs, work);

/** What is left of the caller's patience, zero or less when it is over; null when unbounded. */
export const remainingMs = (): number | null => {
  const deadline = deadlines.getStore() ?? null;
  return deadline === null ? null : deadline - performance.now();
};
