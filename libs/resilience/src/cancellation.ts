import type { ServerResponse } from 'node:http';
import { ShopError } from '@cartograph/errors';
import { currentBounds, runWithin, toDeadline } from './deadline.ts';

/** Why nobody waits for an answer any more. */
export type CancelReason = 'client disconnected' | 'deadline exceeded';

/** What the work on a request ends with when nobody waits for it: UNAVAILABLE to whoever still reads. */
export class RequestCancelled extends ShopError {
  readonly reason: CancelReason;

  constructor(reason: CancelReason) {
    super('UNAVAILABLE');
    this.reason = reason;
  }
}

/**
 * Runs the work on one request, which is cancelled when `timeoutMs` is over or when its client
 * disconnects before it was answered. What has been begun is told by the signal of currentSignal.
 * @param response of the request; whether it is sent says whether there is something to cancel
 * @param timeoutMs how long the caller waits; null when it set no bound
 * @param onCancel is told once, and never after the answer
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
  // The request's own `close` comes when its body was read, which is before any work is done.
  response.once('close', () => {
    clearTimeout(timer);
    cancel('client disconnected');
  });
  return runWithin({ deadline: toDeadline(timeoutMs), signal: controller.signal }, work);
};

/** The signal that is aborted when nobody waits for the work that is under way; null when it is not cancelled. */
export const currentSignal = (): AbortSignal | null => currentBounds().signal;

/** @throws RequestCancelled when nobody waits for the work that is under way */
export const throwIfCancelled = (): void => currentSignal()?.throwIfAborted();

/**
 * Runs work that is not cancelled once it has begun: what changes data, in several steps of which a
 * half must not be all. It is still bounded by the time that its caller waits, where it calls others.
 */
export const runToCompletion = <Result>(work: () => Result): Result =>
  runWithin({ ...currentBounds(), signal: null }, work);

/** Gives up waiting for `work` when `signal` is aborted, with its reason. */
export const orAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> => {
  if (signal.aborted) {
    work.catch(() => {}); // Whoever started it has been told.
    return Promise.reject(signal.reason as Error);
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
};
