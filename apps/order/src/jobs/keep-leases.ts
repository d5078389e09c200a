import type { Logger } from '@cartograph/logging';
import type { Pool } from 'pg';

/**
 * Frees the jobs that a worker holds for longer than the lease: a process that was killed gives
 * none back, and the library itself waits for hours. A worker that was only slow may then do a job
 * twice, which each job allows.
 * @returns stops it, and waits for what is under way
 */
export const keepLeases = (options: {
  pgPool: Pool;
  leaseMs: number;
  log: Logger;
}): (() => Promise<void>) => {
  const { pgPool, leaseMs, log } = options;
  let underWay: Promise<void> = Promise.resolve();

  const free = async (): Promise<void> => {
    try {
      const { rowCount } = await pgPool.query(
        `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL
         WHERE locked_at < now() - make_interval(secs => $1)`,
        [leaseMs / 1_000],
      );
      if (rowCount) log.warn({ jobs: rowCount }, 'abandoned jobs freed');
    } catch (error) {
      log.warn({ err: error }, 'abandoned jobs not freed');
    }
  };

  const timer = setInterval(() => {
    underWay = free();
  }, leaseMs / 4);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
};
