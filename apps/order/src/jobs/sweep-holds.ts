import type { Logger } from '@cartograph/logging';
import type { ReleaseAbandoned } from '../domain/stock-hold.ts';

/** How late a hold that became no order may be given back. */
const INTERVAL_MS = 5_000;

const BATCH = 100;

/** When so many fail in one round, something else than a row is wrong. */
const MAX_FAILED = 100;

/**
 * Gives back what is held for requests that died, now and every few seconds. Any number of processes
 * may do so at once: what is given back twice is given back once.
 * @returns stops the sweep, after the round that is under way
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
    // Tried again in the next round: one that fails must not keep the others waiting.
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
