import { RequestCancelled, runWithin } from '@cartograph/resilience';

/** Work that several requests wait for. */
export type Execution<Result> = {
  readonly result: Promise<Result>;
  /** In this process's monotonic time. */
  readonly startedAt: number;
  /** Counts one more request that waits. @returns what to call when it no longer does */
  readonly enter: () => () => void;
};

/**
 * Starts work that is cancelled after `timeoutMs`, or when nobody waits for it any more, and by no
 * single request.
 */
export const startExecution = <Result>(
  timeoutMs: number,
  work: (startedAt: number) => Promise<Result>,
): Execution<Result> => {
  const startedAt = performance.now();
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new RequestCancelled('deadline exceeded')),
    timeoutMs,
  );
  let waiting = 0;
  let isDone = false;
  const result = runWithin({ deadline: startedAt + timeoutMs, signal: controller.signal }, () =>
    work(startedAt),
  ).finally(() => {
    isDone = true;
    clearTimeout(timer);
  });
  return {
    result,
    startedAt,
    enter: () => {
      waiting += 1;
      return () => {
        waiting -= 1;
        if (waiting === 0 && !isDone) controller.abort(new RequestCancelled('client disconnected'));
      };
    },
  };
};
