import { DURATION_BOUNDARIES } from '@cartograph/telemetry';
import { metrics, type BatchObservableCallback } from '@opentelemetry/api';
import type { Pool, PoolClient } from 'pg';

/** Shorter than those of requests: most waits are. */
const WAIT_BOUNDARIES = [0.001, 0.002, ...DURATION_BOUNDARIES];

type Done = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

const makeInstruments = () => {
  const meter = metrics.getMeter('cartograph.postgres');
  const gauges = {
    count: meter.createObservableUpDownCounter('db.client.connection.count', {
      description: 'Open connections to Postgres, by state.',
      unit: '{connection}',
    }),
    max: meter.createObservableUpDownCounter('db.client.connection.max', {
      description: 'How many connections a pool opens at most.',
      unit: '{connection}',
    }),
    pending: meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
      description: 'What waits for a connection now.',
      unit: '{request}',
    }),
  };
  return {
    meter,
    gauges,
    waitTime: meter.createHistogram('db.client.connection.wait_time', {
      description: 'How long it took to get a connection from the pool.',
      unit: 's',
      advice: { explicitBucketBoundaries: WAIT_BOUNDARIES },
    }),
    timeouts: meter.createCounter('db.client.connection.timeouts', {
      description: 'What got no connection in time, or could not open one.',
      unit: '{timeout}',
    }),
  };
};

/**
 * Measures the connections of a pool, by the semantic conventions for database clients, until it ends.
 * @param name of the pool in this process
 */
export const measurePool = (pool: Pool, name: string): Pool => {
  const { meter, gauges, waitTime, timeouts } = makeInstruments();
  const attributes = { 'db.client.connection.pool.name': name };
  const idle = { ...attributes, 'db.client.connection.state': 'idle' };
  const used = { ...attributes, 'db.client.connection.state': 'used' };
  timeouts.add(0, attributes);

  const observe: BatchObservableCallback = (result) => {
    result.observe(gauges.count, pool.idleCount, idle);
    result.observe(gauges.count, pool.totalCount - pool.idleCount, used);
    result.observe(gauges.max, pool.options.max, attributes);
    result.observe(gauges.pending, pool.waitingCount, attributes);
  };
  const observed = Object.values(gauges);
  meter.addBatchObservableCallback(observe, observed);

  const record = (startedAt: number, hasFailed: boolean): void => {
    if (hasFailed) timeouts.add(1, attributes);
    else waitTime.record((performance.now() - startedAt) / 1_000, attributes);
  };
  const connect = pool.connect.bind(pool) as (done?: Done) => Promise<PoolClient> | undefined;
  // pg's own `query` takes its connection with a callback.
  const measuredConnect = (done?: Done): Promise<PoolClient> | undefined => {
    const startedAt = performance.now();
    if (done) {
      return connect((error, client, release) => {
        record(startedAt, error !== undefined && error !== null);
        done(error, client, release);
      });
    }
    const connecting = connect();
    connecting?.then(
      () => record(startedAt, false),
      () => record(startedAt, true),
    );
    return connecting;
  };
  const end = pool.end.bind(pool);
  return Object.assign(pool, {
    connect: measuredConnect as Pool['connect'],
    end: () => {
      meter.removeBatchObservableCallback(observe, observed);
      return end();
    },
  });
};
