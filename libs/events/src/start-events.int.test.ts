import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { makeLogger } from '@cartograph/logging';
import { eventually } from '@cartograph/testing';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import type { NatsServers } from './nats-servers.ts';
import { startEvents, type Events } from './start-events.ts';

const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
const reader = new metrics.PeriodicExportingMetricReader({ exporter });
const provider = new metrics.MeterProvider({ readers: [reader] });

let outbox: Outbox;
let running: Events[] = [];
let lines: string[] = [];

beforeAll(async () => {
  api.setGlobalMeterProvider(provider);
  outbox = await openOutbox();
});

afterEach(async () => {
  await Promise.all(running.map((events) => events.close()));
  running = [];
  lines = [];
  await outbox.database.query('DELETE FROM events');
});

afterAll(async () => {
  await outbox.close();
  await provider.shutdown();
  api.disable();
});

const start = async (nats?: NatsServers): Promise<Events> => {
  const events = await startEvents({
    source: '/product',
    databaseUrl: outbox.database.url,
    nats,
    retentionMs: 3_600_000,
    log: makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) }),
  });
  running.push(events);
  return events;
};

/** A broker that nothing listens at. */
const NO_BROKER: NatsServers = { servers: ['127.0.0.1:1'], isEncrypted: false };

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

const areAllPublished = () =>
  eventually(async () => expect(await outbox.unpublished('published_at')).toEqual([]));

describe('what happens in the shop', () => {
  it('is counted once per event by two processes together', async () => {
    await outbox.write(320);
    await outbox.database.query(
      `INSERT INTO events (id, envelope, created_at) SELECT gen_random_uuid(), json_build_object(
         'type', 'order.cancelled', 'data', json_build_object('cancellationReason', 'EXPIRED')), now()`,
    );
    await start();
    await start();
    await areAllPublished();
    await Promise.all(running.map((events) => events.close()));
    running = [];
    expect(await pointsOf('shop.stock.low')).toEqual([{ attributes: {}, value: 320 }]);
    expect(await pointsOf('shop.order.cancelled')).toEqual([
      { attributes: { reason: 'EXPIRED' }, value: 1 },
    ]);
    const [lag] = (await pointsOf('shop.event.lag')) ?? [];
    expect(lag).toMatchObject({ attributes: { type: 'stock.low' }, value: { count: 320 } });
  });
});

describe('a broker that is down', () => {
  it('delays no event in the database, and only its own failures are counted', async () => {
    const ids = await outbox.write(3);
    await start(NO_BROKER);
    await eventually(() => expect(lines.join()).toContain('events not published'));
    ids.push(...(await outbox.write(3)));
    await areAllPublished();
    expect(await outbox.unpublished('broker_published_at')).toEqual(ids);
    const failures = await pointsOf('shop.event.failure');
    expect(failures).toEqual([
      { attributes: { step: 'database' }, value: 0 },
      { attributes: { step: 'nats' }, value: expect.any(Number) },
    ]);
    expect(failures?.[1]?.value).toBeGreaterThan(0);
  });
});

describe('a purge', () => {
  /** The events as if they had been published two hours ago. */
  const publishEarlier = (ids: string[], marks: string[]) =>
    outbox.database.query(
      `UPDATE events SET ${marks.map((mark) => `${mark} = now() - interval '2 hours'`).join(', ')}
       WHERE id = ANY($1)`,
      [ids],
    );
  const left = async () => (await outbox.envelopes()).map(({ id }) => id);

  it('deletes events that were published long ago, except those that wait for the broker', async () => {
    const events = await start(NO_BROKER);
    const sent = await outbox.write(2);
    const waiting = await outbox.write(1);
    const recent = await outbox.write(1);
    await areAllPublished();
    await publishEarlier(sent, ['published_at', 'broker_published_at']);
    await publishEarlier(waiting, ['published_at']);
    await events.purge();
    expect(await left()).toEqual([...waiting, ...recent]);
  });

  it('deletes events that no broker waits for any more', async () => {
    const waiting = await outbox.write(1);
    await publishEarlier(waiting, ['published_at']);
    await (await start()).purge();
    expect(await left()).toEqual([]);
  });
});
