import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics as api } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/sdk-node';
import { CALL_LIMITS, makeCallPolicy } from './make-call-policy.ts';
import { ServiceFailure } from './service-failure.ts';

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

/** The values of a metric, by one of its attributes. */
const valuesOf = async (name: string, attribute: string) => {
  await reader.forceFlush();
  const points = exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .find((metric) => metric.descriptor.name === name)?.dataPoints;
  return Object.fromEntries(
    (points ?? []).map(({ attributes, value }) => [attributes[attribute], value]),
  );
};

describe('the metrics of the calls of a service', () => {
  it('show the state of the circuit breaker, retries, and calls that were not sent', async () => {
    const policy = makeCallPolicy({ ...CALL_LIMITS, breakAfter: 2, breakMs: 60_000 }, 'product');
    const peer = 'service.peer.name';
    expect(await valuesOf('shop.circuit.state', 'state')).toEqual({
      closed: 1,
      half_open: 0,
      open: 0,
    });
    const failure = new ServiceFailure('down', { countsAsFailure: true, isRetryable: true });
    const call = () =>
      policy
        .run(() => Promise.reject(failure), { isSafe: true, signal: AbortSignal.timeout(60_000) })
        .catch(() => undefined);
    for (let calls = 0; calls < 10; calls += 1) await call();
    expect(await valuesOf('shop.circuit.state', 'state')).toEqual({
      closed: 0,
      half_open: 0,
      open: 1,
    });
    const rejected = await valuesOf('shop.call.rejected', 'reason');
    expect(rejected).toEqual({ circuit_open: expect.any(Number), queue_full: 0 });
    expect(rejected['circuit_open']).toBeGreaterThan(0);
    expect((await valuesOf('shop.call.retry', peer))['product']).toBeGreaterThan(0);
    policy.close();
  });
});
