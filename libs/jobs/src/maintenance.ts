import type { Logger } from '@cartograph/logging';
import type { Pool } from 'pg';
import type { JobMetrics } from './job-metrics.ts';
import { countDeadJobs, freeAbandonedJobs } from './job-rows.ts';

/**
 * Looks after the jobs of a database, several times a lease: frees those that a worker holds for
 * longer (a process that was killed gives none back; one that was only slow may then do a job
 * twice, which each job allows), and counts those that are dead.
 * @returns stops it, and waits for what is under way
 */
export const runMaintenance = (options: {
  pgPool: Pool;
  leaseMs: number;
  patienceMs: number;
  measured: Pick<JobMetrics, 'counted'>;
  log: Logger;
}): (() => Promise<void>) => {
  const { pgPool, leaseMs, patienceMs, measured, log } = options;

  const look = async (): Promise<void> => {
    try {
      const freed = await freeAbandonedJobs(pgPool, leaseMs, patienceMs);
      if (freed > 0) log.warn({ jobs: freed }, 'abandoned jobs freed');
      measured.counted(await countDeadJobs(pgPool));
    } catch (error) {
      log.warn({ err: error }, 'jobs not looked after');
    }
  };

  let underWay = look();
  const timer = setInterval(() => {
    underWay = underWay.then(look);
  }, leaseMs / 4);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
};
