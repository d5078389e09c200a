import { metrics } from '@opentelemetry/api';
import type { WorkerEvents } from 'graphile-worker';

/** Measures how late jobs begin and how often they fail, by kind. */
export const observeJobs = (events: WorkerEvents): void => {
  const meter = metrics.getMeter('cartograph.order');
  const lag = meter.createHistogram('shop.job.lag', {
    description: 'From when a job was due to when it began.',
    unit: 's',
  });
  const failures = meter.createCounter('shop.job.failure', {
    description: 'Tries of jobs that failed; those that are final wait for a person.',
  });
  events.on('job:start', ({ job }) => {
    const seconds = (Date.now() - job.run_at.getTime()) / 1_000;
    lag.record(Math.max(seconds, 0), { job: job.task_identifier });
  });
  events.on('job:error', ({ job }) => failures.add(1, { job: job.task_identifier, final: false }));
  events.on('job:failed', ({ job }) => failures.add(1, { job: job.task_identifier, final: true }));
};
