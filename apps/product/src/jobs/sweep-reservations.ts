import type { Logger } from '@cartograph/logging';
import type { Reservations } from '../domain/reservations.ts';

const BATCH = 100;

/** When so many fail in one round, something else than a row is wrong. */
const MAX_FAILED = 1_000;

/**
 * Gives expired holds back to stock, now and every `intervalMs`. Any number of processes may do so
 * at once: a hold is given back once, whoever comes first.
 * @returns stops the sweep, after the round that is under way
 */
export const startReservationSweep = (
  reservations: Reservations,
  options: { intervalMs: number; log: Logger },
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const onFailure = (orderId: string, error: unknown): void => {
    options.log.error({ err: error, order_id: orderId }, 'expired hold not released');
  };
  const round = async (): Promise<void> => {
    // Tried again in the next round: one that fails must not keep the others waiting.
    const failed = new Set<string>();
    try {
      let tried = BATCH;
      while (!stopping.signal.aborted && tried === BATCH && failed.size < MAX_FAILED) {
        tried = await reservations.releaseExpired(BATCH, failed, onFailure);
      }
    } catch (error) {
      options.log.error({ err: error }, 'reservation sweep failed');
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
