import { metrics, type ObservableResult } from '@opentelemetry/api';

/** What a metric needs to know of a job. */
type Job = { readonly task_identifier: string; readonly run_at: Date };

/** Measures the durable work of a process, by kind. */
export type JobMetrics = {
  readonly began: (job: Job) => void;
  /** @param isFinal when it is not tried again */
  readonly failed: (job: Job, isFinal: boolean) => void;
  /** Notes how many jobs of each kind are out of attempts now. */
  readonly counted: (dead: ReadonlyMap<string, number>) => void;
  readonly stop: () => void;
};

/** @param names of the tasks: those without dead jobs are known to have none */
export const makeJobMetrics = (names: readonly string[]): JobMetrics => {
  const meter = metrics.getMeter('cartograph.jobs');
  const lag = meter.createHistogram('shop.job.lag', {
    description: 'From when a job was due to when it began.',
    unit: 's',
  });
  const failures = meter.createCounter('shop.job.failure', {
    description: 'Tries of jobs that failed; those that are final are not tried again.',
  });
  const gauge = meter.createObservableGauge('shop.job.dead', {
    description: 'Jobs that are out of attempts and wait for a person (npm run jobs).',
  });
  let last: ReadonlyMap<string, number> | null = null;
  const observe = (result: ObservableResult): void => {
    if (!last) return;
    for (const job of new Set([...names, ...last.keys()])) {
      result.observe(last.get(job) ?? 0, { job });
    }
  };
  gauge.addCallback(observe);
  return {
    began: (job) => {
      const seconds = (Date.now() - job.run_at.getTime()) / 1_000;
      // A clock that runs ahead of the database's makes no negative lag.
      lag.record(Math.max(seconds, 0), { job: job.task_identifier });
    },
    failed: (job, isFinal) => failures.add(1, { job: job.task_identifier, final: isFinal }),
    counted: (dead) => void (last = dead),
    stop: () => gauge.removeCallback(observe),
  };
};
