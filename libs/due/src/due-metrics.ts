import { LAG_BOUNDARIES } from '@cartograph/telemetry';
import { metrics, type ObservableResult } from '@opentelemetry/api';

type Counts = { readonly overdue: number; readonly dead: number };

/** Measures the due rows of a process, by table. */
export type DueMetrics = {
  /** @param lagMs how long the row was due when it was claimed */
  readonly claimed: (table: string, lagMs: number) => void;
  /** @param isFinal when the row is dead */
  readonly failed: (table: string, isFinal: boolean) => void;
  /** Sets how many rows of a table are overdue and dead now. */
  readonly counted: (table: string, counts: Counts) => void;
  readonly stop: () => void;
};

/** @param tables their names: those without failures are reported as 0 */
export const makeDueMetrics = (tables: readonly string[] = []): DueMetrics => {
  const meter = metrics.getMeter('cartograph.due');
  const lag = meter.createHistogram('shop.due.lag', {
    description: 'From when a row was due to when a sweeper claimed it.',
    unit: 's',
    advice: { explicitBucketBoundaries: LAG_BOUNDARIES },
  });
  const failures = meter.createCounter('shop.due.failure', {
    description: 'Steps of due rows that failed; those that are final are not retried.',
  });
  for (const table of tables) {
    for (const final of [false, true]) failures.add(0, { table, final });
  }
  const overdue = meter.createObservableGauge('shop.due.overdue', {
    description: 'Rows that have been due for more than 10 s and that no sweeper has claimed.',
  });
  const dead = meter.createObservableGauge('shop.due.dead', {
    description: 'Rows whose step failed for too long; they wait for an operator (npm run jobs).',
  });
  const counts = new Map<string, Counts>();
  const observe = (of: keyof Counts) => (result: ObservableResult) => {
    for (const [table, count] of counts) result.observe(count[of], { table });
  };
  const observeOverdue = observe('overdue');
  const observeDead = observe('dead');
  overdue.addCallback(observeOverdue);
  dead.addCallback(observeDead);
  return {
    claimed: (table, lagMs) => lag.record(Math.max(lagMs / 1_000, 0), { table }),
    failed: (table, isFinal) => failures.add(1, { table, final: isFinal }),
    counted: (table, count) => void counts.set(table, count),
    stop: () => {
      overdue.removeCallback(observeOverdue);
      dead.removeCallback(observeDead);
    },
  };
};
