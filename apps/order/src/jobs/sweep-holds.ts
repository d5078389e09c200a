import type { Logger } from '@cartograph/logging';
import type { ReleaseAbandoned } from '../domain/stock-hold.ts';

/** How late an abandoned hold may be released. */
const INTERVAL_MS = 5_000;

const BATCH = 100;

/** A round ends after as many failures: they are not about single rows then. */
const MAX_FAILED = 100;

/**
 * Releases abandoned holds, now and every few seconds. Several processes may do so concurrently: a
 * release may be repeated.
 * @returns stops the sweep, after the current round
 */
export const startHoldSweep = (
  releaseAbandoned: ReleaseAbandoned,
  log: Logger,
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const onFailure = (orderId: string, error: unknown): void => {
    log.warn({ err: error, order_id: orderId }, 'abandoned hold not released');
  };
  const round = async (): Promise<void> => {
    // Retried in the next round, so that one that fails does not delay the others.
    const failed = new Set<string>();
    try {
      let tried = BATCH;
      while (!stopping.signal.aborted && tried === BATCH && failed.size < MAX_FAILED) {
        tried = await releaseAbandoned(BATCH, failed, onFailure);
        if (tried > failed.size) log.warn({ holds: tried }, 'abandoned holds released');
      }
    } catch (error) {
      log.error({ err: error }, 'sweep of abandoned holds failed');
    }
  };
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, INTERVAL_MS);
  return async () => {
    stopping.abort();
    clearInterval(timer);
    await running;
  };
};
