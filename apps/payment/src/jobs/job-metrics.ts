import { metrics } from '@opentelemetry/api';

/** What a metric needs to know of a job. */
type Job = { readonly task_identifier: string; readonly run_at: Date };

/** Measures how late jobs begin and how often they fail, by kind. */
export const makeJobMetrics = () => {
  const meter = metrics.getMeter('cartograph.payment');
  const lag = meter.createHistogram('shop.job.lag', {
    description: 'From when a job was due to when it began.',
    unit: 's',
  });
  const failures = meter.createCounter('shop.job.failure', {
    description: 'Tries of jobs that failed; those that are final wait for a person.',
  });
  return {
    began: (job: Job): void => {
      const seconds = (Date.now() - job.run_at.getTime()) / 1_000;
      // A clock that runs ahead of the database's makes no negative lag.
      lag.record(Math.max(seconds, 0), { job: job.task_identifier });
    },
    /** @param isFinal when it is out of attempts */
    failed: (job: Job, isFinal: boolean): void =>
      failures.add(1, { job: job.task_identifier, final: isFinal }),
  };
};
