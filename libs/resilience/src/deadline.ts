import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * How many milliseconds the caller still waits. What is left travels, not a time of day: clocks
 * need not agree.
 */
export const DEADLINE_HEADER = 'x-request-timeout-ms';

/** Nobody waits longer; a larger number is a mistake. */
const LONGEST_MS = 10 * 60_000;

/** What ends the work on a request. */
export type Bounds = {
  /** When it must be answered, in this process's monotonic time. */
  readonly deadline: number | null;
  /** Aborted when nobody waits for the answer; null where work is done in any case. */
  readonly signal: AbortSignal | null;
};

const requests = new AsyncLocalStorage<Bounds>();

/** The bounds of the request that is worked on; outside of one there are none. */
export const currentBounds = (): Bounds => requests.getStore() ?? { deadline: null, signal: null };

/** Runs `work`, and all that it starts, within these bounds. */
export const runWithin = <Result>(bounds: Bounds, work: () => Result): Result =>
  requests.run(bounds, work);

/** Reads the header; null when the caller set no bound that can be read. */
export const readDeadline = (header: string | readonly string[] | undefined): number | null => {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return null;
  const timeoutMs = Number(header);
  return timeoutMs <= LONGEST_MS ? timeoutMs : null;
};

/** When a caller that waits this long from now on waits no longer. */
export const toDeadline = (timeoutMs: number | null): number | null =>
  timeoutMs === null ? null : performance.now() + timeoutMs;

/** Runs `work` for a caller that waits this long; for one that set no bound, when null. */
export const runWithDeadline = <Result>(timeoutMs: number | null, work: () => Result): Result =>
  runWithin({ deadline: toDeadline(timeoutMs), signal: null }, work);

/** What is left of the caller's patience, zero or less when it is over; null when unbounded. */
export const remainingMs = (): number | null => {
  const { deadline } = currentBounds();
  return deadline === null ? null : deadline - performance.now();
};
