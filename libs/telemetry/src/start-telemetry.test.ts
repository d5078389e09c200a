import { metrics } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { scrape } from '../test/scrape.ts';
import { startTelemetry, type Telemetry } from './start-telemetry.ts';
import { activeTraceId, beginTrace, runInTrace } from './trace-context.ts';

let telemetry: Telemetry | null = null;

afterEach(() => telemetry?.stop());

const start = async (env: Readonly<Record<string, string>>): Promise<Telemetry> => {
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined, env });
  return telemetry;
};

const count = () => metrics.getMeter('test').createCounter('test.things').add(1);

describe('telemetry', () => {
  it('has no metrics but trace ids with OTEL_SDK_DISABLED=true', async () => {
    const disabled = await start({ OTEL_SDK_DISABLED: 'True' });
    count();
    expect((await scrape(disabled)).text).toBe(
      '# OTEL_SDK_DISABLED is true: there are no metrics.\n',
    );
    expect(runInTrace(beginTrace({}), activeTraceId)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([['false'], ['1'], ['']])('has metrics with OTEL_SDK_DISABLED=%s', async (value) => {
    const enabled = await start({ OTEL_SDK_DISABLED: value });
    count();
    expect((await scrape(enabled)).text).toMatch(/^test_things_total\b/m);
  });
});
