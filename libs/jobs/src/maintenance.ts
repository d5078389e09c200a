import type { Logger } from '@cartograph/logging';
import type { Pool } from 'pg';
import { countDeadLetteredJobs } from './dead-lettered-jobs.ts';
import type { JobMetrics } from './job-metrics.ts';
import { freeAbandonedJobs } from './job-rows.ts';

/**
 * Checks the jobs of a database, several times a lease. It frees those that a worker holds for longer
 * than the lease (a killed process frees none; the job of a slow one may then run twice, which each
 * job allows), and counts the dead-lettered ones.
 * @returns stops it, and waits for the current check
 */
export const runMaintenance = (options: {
  pgPool: Pool;
  leaseMs: number;
  measured: Pick<JobMetrics, 'counted'>;
  log: Logger;
}): (() => Promise<void>) => {
  const { pgPool, leaseMs, measured, log } = options;

  const check = async (): Promise<void> => {
    try {
      const freed = await freeAbandonedJobs(pgPool, leaseMs);
      if (freed > 0) log.warn({ jobs: freed }, 'abandoned jobs freed');
      measured.counted(await countDeadLetteredJobs(pgPool));
    } catch (error) {
      log.warn({ err: error }, 'maintenance of jobs failed');
    }
  };

  let current = check();
  const timer = setInterval(() => {
    current = current.then(check);
  }, leaseMs / 4);
  return async () => {
    clearInterval(timer);
    await current;
  };
};
