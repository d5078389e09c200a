import { currentSignal, remainingMs } from './request-bounds.ts';

/** The time that is left for a call, and the signal that ends it. */
export type CallBounds = { readonly leftMs: number; readonly signal: AbortSignal };

/**
 * Runs a call that ends after its timeout, at the deadline of the current request, and when that is
 * cancelled. The signal is for the call alone: it is not aborted after `call` has ended.
 * @throws RequestCancelled when the current request was cancelled before
 */
export const boundCall = async <Result>(
  timeoutMs: number,
  call: (bounds: CallBounds) => Promise<Result>,
): Promise<Result> => {
  const cancelled = currentSignal();
  cancelled?.throwIfAborted();
  const requestMs = remainingMs() ?? Number.POSITIVE_INFINITY;
  // The request itself is cancelled before this call would be: one timer is enough for both.
  if (cancelled && requestMs <= timeoutMs) return call({ leftMs: requestMs, signal: cancelled });
  const leftMs = Math.min(timeoutMs, requestMs);
  const ending = new AbortController();
  const timeOut = () => ending.abort(new DOMException('the call timed out', 'TimeoutError'));
  const cancel = () => ending.abort(cancelled?.reason);
  const timer = setTimeout(timeOut, Math.max(Math.ceil(leftMs), 0));
  cancelled?.addEventListener('abort', cancel, { once: true });
  try {
    return await call({ leftMs, signal: ending.signal });
  } finally {
    // A timer that is left behind fires later, and makes an exception that nobody receives.
    clearTimeout(timer);
    cancelled?.removeEventListener('abort', cancel);
  }
};
