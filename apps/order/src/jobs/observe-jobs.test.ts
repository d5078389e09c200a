import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { observeJobs } from './observe-jobs.ts';

const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
const reader = new metrics.PeriodicExportingMetricReader({ exporter });
const provider = new metrics.MeterProvider({ readers: [reader] });

beforeAll(() => {
  api.setGlobalMeterProvider(provider);
});

afterAll(async () => {
  await provider.shutdown();
  api.disable();
});

/** The points of a metric, by what they are of. */
const pointsOf = async (name: string) => {
  await reader.forceFlush();
  const found = exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find((metric) => metric.descriptor.name === name);
  return {
    unit: found?.descriptor.unit,
    points: found?.dataPoints.map(({ attributes, value }) => ({ attributes, value })),
  };
};

describe('the metrics of jobs', () => {
  it('say how late they begin, and which fail for now or for good', async () => {
    const events = new EventEmitter();
    observeJobs(events);
    const job = { task_identifier: 'settle_order', run_at: new Date(Date.now() - 3_000) };
    events.emit('job:start', { job });
    // A clock that runs ahead of the database's makes no negative lag.
    events.emit('job:start', { job: { ...job, run_at: new Date(Date.now() + 60_000) } });
    events.emit('job:error', { job });
    events.emit('job:error', { job });
    events.emit('job:failed', { job });

    const lag = await pointsOf('shop.job.lag');
    expect(lag).toMatchObject({
      unit: 's',
      points: [{ attributes: { job: 'settle_order' }, value: { count: 2, min: 0 } }],
    });
    const { max } = lag.points?.[0]?.value as { max: number };
    expect(max).toBeGreaterThanOrEqual(3);
    expect(max).toBeLessThan(10);
    expect((await pointsOf('shop.job.failure')).points).toEqual([
      { attributes: { job: 'settle_order', final: false }, value: 2 },
      { attributes: { job: 'settle_order', final: true }, value: 1 },
    ]);
  });
});
