import { deleteInBatches } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import type { Purge } from '../db/purge-rows.ts';

/**
 * Deletes what is old enough, now and every `intervalMs`. Any number of processes may do so at once.
 * A failure is logged, and tried again in the next round.
 * @returns stops it, after the purge that is under way
 */
export const startPurge = (
  purges: readonly Purge[],
  options: { intervalMs: number; log: Logger },
): (() => Promise<void>) => {
  const { intervalMs, log } = options;
  let isStopped = false;
  const round = async (): Promise<void> => {
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
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, intervalMs);
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
};
