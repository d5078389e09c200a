import type { Logger } from '@cartograph/logging';
import type { Reservations } from '../domain/reservations.ts';

const BATCH = 100;

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
  const round = async (): Promise<void> => {
    try {
      while (!stopping.signal.aborted && (await reservations.releaseExpired(BATCH)) === BATCH);
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
