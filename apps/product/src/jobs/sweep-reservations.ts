import type { Logger } from '@cartograph/logging';
import type { Reservations } from '../domain/reservations.ts';

const BATCH = 100;

/** When so many fail in one round, the cause is not a single row. */
const MAX_FAILED = 1_000;

/**
 * Releases expired holds, now and every `intervalMs`. Any number of processes may do so
 * concurrently: each hold is released once.
 * @returns stops the sweep after the current round
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
    // Retried in the next round: one that fails must not block the others.
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
