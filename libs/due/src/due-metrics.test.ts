import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { makeDueMetrics } from './due-metrics.ts';

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

/** The data points of a metric. */
const pointsOf = async (name: string) => {
  await reader.forceFlush();
  return exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find((metric) => metric.descriptor.name === name)
    ?.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
};

describe('the metrics of due rows', () => {
  it('measure how late rows are claimed, and which failures are final', async () => {
    const measured = makeDueMetrics();
    measured.claimed('orders', 3_000);
    measured.claimed('orders', -5);
    measured.failed('orders', false);
    measured.failed('orders', true);
    expect(await pointsOf('shop.due.lag')).toMatchObject([
      { attributes: { table: 'orders' }, value: { count: 2, sum: 3, min: 0 } },
    ]);
    expect(await pointsOf('shop.due.failure')).toEqual([
      { attributes: { table: 'orders', final: false }, value: 1 },
      { attributes: { table: 'orders', final: true }, value: 1 },
    ]);
    measured.stop();
  });

  it('have the last counts of each table, until they stop', async () => {
    const measured = makeDueMetrics();
    measured.counted('orders', { overdue: 5, dead: 1 });
    measured.counted('orders', { overdue: 2, dead: 0 });
    measured.counted('payments', { overdue: 0, dead: 3 });
    const points = (orders: number, payments: number) => [
      { attributes: { table: 'orders' }, value: orders },
      { attributes: { table: 'payments' }, value: payments },
    ];
    expect(await pointsOf('shop.due.overdue')).toEqual(points(2, 0));
    expect(await pointsOf('shop.due.dead')).toEqual(points(0, 3));
    measured.stop();
    measured.counted('orders', { overdue: 9, dead: 9 });
    expect(await pointsOf('shop.due.dead')).toEqual(points(0, 3));
  });
});
