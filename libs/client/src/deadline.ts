import { ShopClientError } from './shop-client-error.ts';

/** The end of a call: when its time is over, or its caller does not want it any more. */
export type Deadline = {
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  /** Milliseconds until the time is over. */
  readonly leftMs: () => number;
};

/** Starts the time of a call. */
export const startDeadline = (ms: number, given?: AbortSignal): Deadline => {
  const end = performance.now() + ms;
  const timeout = AbortSignal.timeout(ms);
  return {
    signal: given ? AbortSignal.any([given, timeout]) : timeout,
    leftMs: () => end - performance.now(),
  };
};

/** What a call fails with at the end of its time; the caller's own reason when the caller ended it. */
export const reasonOf = (signal: AbortSignal): unknown => {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === 'TimeoutError'
    ? new ShopClientError('TIMEOUT', 'the call took too long', { cause: reason })
    : reason;
};

/** Waits for something that others wait for too, but no longer than the call may take. */
export const waitWithin = <Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    // A caller may abort with any value, and gets that value.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    const stop = (): void => reject(reasonOf(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** Waits for a time, but no longer than the call may take. */
export const sleepWithin = async (signal: AbortSignal, ms: number): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await waitWithin(signal, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))));
  } finally {
    clearTimeout(timer);
  }
};
