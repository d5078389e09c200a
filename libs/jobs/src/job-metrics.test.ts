import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { makeJobMetrics } from './job-metrics.ts';

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

/** The data points of a metric, with its unit. */
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
  it('measure how late jobs start, and which failures are final', async () => {
    const measured = makeJobMetrics(['settle_order']);
    const job = { task_identifier: 'settle_order', run_at: new Date(Date.now() - 3_000) };
    measured.started(job);
    measured.started({ ...job, run_at: new Date(Date.now() + 60_000) });
    measured.failed(job, false);
    measured.failed(job, false);
    measured.failed(job, true);

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
    measured.stop();
  });

  it('count the dead-lettered jobs of each task, also when there are none', async () => {
    const measured = makeJobMetrics(['settle_order', 'resolve_order']);
    expect((await pointsOf('shop.job.dead')).points ?? []).toEqual([]);
    measured.counted(new Map([['settle_order', 2]]));
    expect((await pointsOf('shop.job.dead')).points).toEqual([
      { attributes: { job: 'settle_order' }, value: 2 },
      { attributes: { job: 'resolve_order' }, value: 0 },
    ]);
    measured.counted(new Map());
    expect((await pointsOf('shop.job.dead')).points).toEqual([
      { attributes: { job: 'settle_order' }, value: 0 },
      { attributes: { job: 'resolve_order' }, value: 0 },
    ]);
    measured.stop();
  });
});
