import type { Logger } from '@cartograph/logging';

const BATCH = 100;

/** A round ends after as many failures: their cause is not a single row then. */
const MAX_FAILED = 1_000;

/**
 * Releases the stock of up to `limit` orders. One that fails is reported and added to `failed`, whose orders are
 * skipped.
 * @returns how many it tried
 */
export type Release = (
  limit: number,
  failed: Set<string>,
  onFailure: (orderId: string, error: unknown) => void,
) => Promise<number>;

/**
 * Releases stock that nothing waits for any more, now and every `intervalMs`. Any number of processes may do
 * so concurrently: a release may be repeated.
 * @param options.of what the stock was of, in lines of the log
 * @returns stops the sweep, after the current round
 */
export const startReleaseSweep = (options: {
  readonly release: Release;
  readonly of: string;
  readonly intervalMs: number;
  readonly log: Logger;
}): (() => Promise<void>) => {
  const { release, of, log } = options;
  const stopping = new AbortController();
  const onFailure = (orderId: string, error: unknown): void => {
    log.error({ err: error, order_id: orderId, of }, 'stock not released');
  };
  const round = async (): Promise<void> => {
    // Retried in the next round: one that fails must not delay the others.
    const failed = new Set<string>();
    try {
      let tried = BATCH;
      while (!stopping.signal.aborted && tried === BATCH && failed.size < MAX_FAILED) {
        const failedBefore = failed.size;
        tried = await release(BATCH, failed, onFailure);
        const released = tried - (failed.size - failedBefore);
        if (released > 0) log.info({ released, of }, 'stock released');
      }
    } catch (error) {
      log.error({ err: error, of }, 'sweep for stock to release failed');
    }
  };
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, options.intervalMs);
  return async () => {
    stopping.abort();
    clearInterval(timer);
    await running;
  };
};
