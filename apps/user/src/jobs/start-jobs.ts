import { deleteInBatches } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import type { Purge } from '../db/make-purges.ts';

/**
 * Starts the background work of the user service: it purges old rows immediately and every
 * `intervalMs`. Several processes may do so concurrently. A failure is logged and retried in the
 * next round.
 * @returns stops the work, after the purge in progress
 */
export const startJobs = (options: {
  purges: readonly Purge[];
  intervalMs: number;
  log: Logger;
}): (() => Promise<void>) => {
  const { purges, intervalMs, log } = options;
  let isStopped = false;
  const purgeAll = async (): Promise<void> => {
    for (const { name, batch, deleteBatch } of purges) {
      if (isStopped) return;
      try {
        const rows = await deleteInBatches(deleteBatch, batch);
        if (rows > 0) log.info({ purge: name, rows }, 'old rows deleted');
      } catch (error) {
        log.error({ err: error, purge: name }, 'old rows not deleted');
      }
    }
  };
  let running = purgeAll();
  const timer = setInterval(() => {
    running = running.then(purgeAll);
  }, intervalMs);
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
};
