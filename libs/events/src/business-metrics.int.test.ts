import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { makeLogger } from '@cartograph/logging';
import { eventually } from '@cartograph/testing';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import { makeBusinessMetrics } from './business-metrics.ts';
import { startEvents } from './start-events.ts';

const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
const reader = new metrics.PeriodicExportingMetricReader({ exporter });
const provider = new metrics.MeterProvider({ readers: [reader] });

let outbox: Outbox;

beforeAll(async () => {
  api.setGlobalMeterProvider(provider);
  outbox = await openOutbox();
});

afterAll(async () => {
  await outbox.close();
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

describe('what happens in the shop', () => {
  it('is counted once per event by two processes together, however often it is published', async () => {
    await outbox.write(20);
    const start = () =>
      startEvents({
        databaseUrl: outbox.database.url,
        consumers: [makeBusinessMetrics()],
        retentionMs: 3_600_000,
        log: makeLogger({ name: 'test', level: 'silent' }),
      });
    const processes = [start(), start()];
    const consumed = () =>
      outbox.database.query('SELECT event_id FROM event_inbox WHERE consumed_at IS NOT NULL');
    await eventually(async () => expect(await consumed()).toHaveLength(20));
    // As if the mark had been lost.
    await outbox.database.query('UPDATE events SET published_at = NULL');
    await eventually(async () => expect(await outbox.unpublished()).toEqual([]));
    await Promise.all(processes.map((process) => process.close()));
    expect(await consumed()).toHaveLength(20);
    expect(await pointsOf('shop.stock.low')).toEqual([{ attributes: {}, value: 20 }]);
    const [lag] = (await pointsOf('shop.event.lag')) ?? [];
    expect(lag).toMatchObject({ attributes: { type: 'stock.low' }, value: { count: 40 } });
  });

  it('counts cancelled orders by reason, without ids', async () => {
    const { handle } = makeBusinessMetrics();
    const data = {
      orderId: '0',
      userId: '0',
      status: 'CANCELLED' as const,
      total: { amount: 1, currency: 'EUR' },
      items: [],
      cancellationReason: 'EXPIRED',
    };
    const client = {} as Parameters<typeof handle>[1];
    const fields = {
      specversion: '1.0',
      id: '0',
      subject: '0',
      time: '',
      datacontenttype: 'application/json',
    } as const;
    const after = await handle(
      { ...fields, source: '/order', type: 'order.cancelled', data },
      client,
    );
    after?.();
    expect(await pointsOf('shop.order.cancelled')).toEqual([
      { attributes: { reason: 'EXPIRED' }, value: 1 },
    ]);
  });
});
