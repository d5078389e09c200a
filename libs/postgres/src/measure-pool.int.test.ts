import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { openPool } from './open-pool.ts';

const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
const reader = new metrics.PeriodicExportingMetricReader({ exporter });
const provider = new metrics.MeterProvider({ readers: [reader] });

let database: TestDatabase;

beforeAll(async () => {
  api.setGlobalMeterProvider(provider);
  database = await makeTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await provider.shutdown();
  api.disable();
});

/** The values of a metric of a pool, by state if it has states. */
const valuesOf = async (name: string, pool: string) => {
  await reader.forceFlush();
  const points = exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find((metric) => metric.descriptor.name === `db.client.connection.${name}`)?.dataPoints;
  return points
    ?.filter(({ attributes }) => attributes['db.client.connection.pool.name'] === pool)
    .map(({ value }) => value);
};

describe('the metrics of a pool', () => {
  it('show connections, what waits for one, and for how long', async () => {
    const options = { databaseUrl: database.url, max: 1, onLost: () => {} };
    const pool = openPool({ name: 'small', ...options });
    const client = await pool.connect();
    const waiting = pool.query('SELECT 1');
    expect(await valuesOf('max', 'small')).toEqual([1]);
    expect(await valuesOf('count', 'small')).toEqual([0, 1]);
    expect(await valuesOf('pending_requests', 'small')).toEqual([1]);
    client.release();
    await waiting;
    expect(await valuesOf('count', 'small')).toEqual([1, 0]);
    expect(await valuesOf('wait_time', 'small')).toMatchObject([{ count: 2 }]);
    expect(await valuesOf('timeouts', 'small')).toEqual([0]);
    await pool.end();
  });

  it('count what got no connection', async () => {
    const databaseUrl = 'postgres://nobody:x@127.0.0.1:1/none';
    const pool = openPool({ name: 'dead', databaseUrl, max: 1, onLost: () => {} });
    await expect(pool.query('SELECT 1')).rejects.toThrow();
    await expect(pool.connect()).rejects.toThrow();
    expect(await valuesOf('timeouts', 'dead')).toEqual([2]);
    await pool.end();
  });
});
