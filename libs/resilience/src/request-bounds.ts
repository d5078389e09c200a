import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { ShopError } from '@cartograph/errors';

/** What ends the work on a request. */
export type Bounds = {
  /** When the response must be complete, in this process's monotonic time; null without a deadline. */
  readonly deadline: number | null;
  /** Aborted when no client waits for the response; null for work that is always completed. */
  readonly signal: AbortSignal | null;
};

export type CancelReason = 'client disconnected' | 'deadline exceeded';

/** The error of work on a cancelled request: UNAVAILABLE to a caller that still reads. */
export class RequestCancelled extends ShopError {
  readonly reason: CancelReason;

  constructor(reason: CancelReason) {
    super('UNAVAILABLE');
    this.reason = reason;
  }
}

/** The header with the milliseconds that the caller still waits: a duration, as clocks may differ. */
export const DEADLINE_HEADER = 'x-request-timeout-ms';

/** A larger number in the header is a mistake. */
const MAX_TIMEOUT_MS = 10 * 60_000;

const requests = new AsyncLocalStorage<Bounds>();

const currentBounds = (): Bounds => requests.getStore() ?? { deadline: null, signal: null };

const toDeadline = (timeoutMs: number | null): number | null =>
  timeoutMs === null ? null : performance.now() + timeoutMs;

/** Runs `work`, and all that it starts, within these bounds. */
export const runWithin = <Result>(bounds: Bounds, work: () => Result): Result =>
  requests.run(bounds, work);

/** Runs `work` for a caller that waits this long; null for one without a deadline. */
export const runWithDeadline = <Result>(timeoutMs: number | null, work: () => Result): Result =>
  runWithin({ deadline: toDeadline(timeoutMs), signal: null }, work);

/**
 * Runs the work on one request. It is cancelled after `timeoutMs`, or when the client disconnects
 * before the response is complete; `currentSignal` is aborted then.
 * @param timeoutMs how long the caller waits; null without a deadline
 * @param onCancel is called once, and never after the response
 */
export const runRequest = <Result>(
  response: ServerResponse,
  timeoutMs: number | null,
  work: () => Result,
  onCancel: (reason: CancelReason) => void = () => {},
): Result => {
  const controller = new AbortController();
  const cancel = (reason: CancelReason): void => {
    if (controller.signal.aborted || response.writableEnded) return;
    controller.abort(new RequestCancelled(reason));
    onCancel(reason);
  };
  const timer =
    timeoutMs === null ? undefined : setTimeout(() => cancel('deadline exceeded'), timeoutMs);
  // The request's own `close` is emitted when its body was read, before any work is done.
  response.once('close', () => {
    clearTimeout(timer);
    cancel('client disconnected');
  });
  return runWithin({ deadline: toDeadline(timeoutMs), signal: controller.signal }, work);
};

/**
 * Runs work that is not cancelled once it has begun, such as a change of data in several steps. Its
 * calls of other services still have the caller's deadline.
 */
export const runToCompletion = <Result>(work: () => Result): Result =>
  runWithin({ ...currentBounds(), signal: null }, work);

/** The signal that is aborted when the current work is cancelled; null when it can't be. */
export const currentSignal = (): AbortSignal | null => currentBounds().signal;

/** @throws RequestCancelled when the current work is cancelled */
export const throwIfCancelled = (): void => currentSignal()?.throwIfAborted();

/** The milliseconds until the deadline, zero or less after it; null without one. */
export const remainingMs = (): number | null => {
  const { deadline } = currentBounds();
  return deadline === null ? null : deadline - performance.now();
};

/** Whether the deadline of the current work has passed. It is within a millisecond of the timer's. */
export const isOverdue = (): boolean => (remainingMs() ?? 1) < 1;

/** Reads DEADLINE_HEADER; null when it is missing or not valid. */
export const readDeadline = (header: string | readonly string[] | undefined): number | null => {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return null;
  const timeoutMs = Number(header);
  return timeoutMs <= MAX_TIMEOUT_MS ? timeoutMs : null;
};

/** Waits for `work` until `signal` is aborted, then rejects with the signal's reason. */
export const orAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> => {
  if (signal.aborted) {
    work.catch(() => {}); // The caller gets the signal's reason instead.
    return Promise.reject(signal.reason as Error);
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
};
