import { LAG_BOUNDARIES } from '@cartograph/telemetry';
import { metrics, type ObservableResult } from '@opentelemetry/api';

/** The part of a job that is measured. */
type Job = { readonly task_identifier: string; readonly run_at: Date };

/** Measures the jobs of a process, by task. */
export type JobMetrics = {
  readonly started: (job: Job) => void;
  /** @param isFinal when it is not retried */
  readonly failed: (job: Job, isFinal: boolean) => void;
  /** Sets how many jobs of each task are dead-lettered now. */
  readonly counted: (deadLettered: ReadonlyMap<string, number>) => void;
  readonly stop: () => void;
};

/** @param names the tasks: those without failures or dead-lettered jobs are reported as 0 */
export const makeJobMetrics = (names: readonly string[]): JobMetrics => {
  const meter = metrics.getMeter('cartograph.jobs');
  const lag = meter.createHistogram('shop.job.lag', {
    description: 'From when a job was due to when it started.',
    unit: 's',
    advice: { explicitBucketBoundaries: LAG_BOUNDARIES },
  });
  const failures = meter.createCounter('shop.job.failure', {
    description: 'Attempts of jobs that failed; those that are final are not retried.',
  });
  for (const job of names) {
    for (const final of [false, true]) failures.add(0, { job, final });
  }
  const gauge = meter.createObservableGauge('shop.job.dead', {
    description: 'Dead-lettered jobs, which wait for an operator (npm run jobs).',
  });
  let counts: ReadonlyMap<string, number> | null = null;
  const observe = (result: ObservableResult): void => {
    if (!counts) return;
    for (const job of new Set([...names, ...counts.keys()])) {
      result.observe(counts.get(job) ?? 0, { job });
    }
  };
  gauge.addCallback(observe);
  return {
    started: (job) => {
      const seconds = (Date.now() - job.run_at.getTime()) / 1_000;
      // The clock may be behind the database's; the lag is never negative.
      lag.record(Math.max(seconds, 0), { job: job.task_identifier });
    },
    failed: (job, isFinal) => failures.add(1, { job: job.task_identifier, final: isFinal }),
    counted: (deadLettered) => void (counts = deadLettered),
    stop: () => gauge.removeCallback(observe),
  };
};
