import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

/** The points of a metric, by what they are of. */
const pointsOf = async (name: string) => {
  await reader.forceFlush();
  const found = exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find((metric) => metric.descriptor.name === name);
  return found?.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
};

describe('the metrics of jobs', () => {
  it('say how late they begin, and which fail for now or for good', async () => {
    const measured = makeJobMetrics();
    const job = { task_identifier: 'ask_provider', run_at: new Date(Date.now() - 3_000) };
    measured.began(job);
    measured.began({ ...job, run_at: new Date(Date.now() + 60_000) });
    measured.failed(job, false);
    measured.failed(job, false);
    measured.failed(job, true);

    const [lag] = (await pointsOf('shop.job.lag')) ?? [];
    expect(lag).toMatchObject({
      attributes: { job: 'ask_provider' },
      value: { count: 2, min: 0 },
    });
    expect((lag?.value as { max: number }).max).toBeGreaterThanOrEqual(3);
    expect(await pointsOf('shop.job.failure')).toEqual([
      { attributes: { job: 'ask_provider', final: false }, value: 2 },
      { attributes: { job: 'ask_provider', final: true }, value: 1 },
    ]);
  });
});
