import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scrape } from '../test/scrape.ts';
import { recordRequest } from './request-duration.ts';
import { startTelemetry, type Telemetry } from './start-telemetry.ts';
import { beginTrace, runInTrace } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
});
afterAll(() => telemetry.stop());

const record = (durationMs: number, flags: '00' | '01'): void => {
  const traced = beginTrace({ traceparent: `00-${TRACE}-b7ad6b7169203331-${flags}` });
  const request = {
    method: 'GET',
    url: '/',
    route: '/v1/orders/:id',
    status: 200,
    protocol: '1.1',
  };
  runInTrace(traced, () => recordRequest({ ...request, durationMs }));
};

const exemplarsIn = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /le="([^"]+)"\} \d+ # \{trace_id="(\w+)",span_id="\w{16}"\} (\S+) \d+\.?\d*$/gm,
    ),
  ].map(([, le, traceId, value]) => `${le} ${traceId} ${value}`);

const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.2';

describe('a scrape', () => {
  it('shows Prometheus the newest sampled request of each bucket', async () => {
    for (const ms of [300, 400, 20_000]) record(ms, '01');
    for (const ms of [450, 2]) record(ms, '00');
    const { type, text } = await scrape(telemetry, PROMETHEUS);
    expect(type).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(exemplarsIn(text)).toEqual([`0.5 ${TRACE} 0.4`, `+Inf ${TRACE} 20`]);
    expect(text).toMatch(/# EOF\n$/);
  });

  it.each([[undefined], ['text/plain'], ['application/openmetrics-text;q=0, text/plain']])(
    'is plain text for a client that accepts %s',
    async (accept) => {
      const { type, text } = await scrape(telemetry, accept);
      expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(text).toContain('# UNIT http_server_request_duration s\n');
      expect(text).not.toMatch(/# \{|# EOF/);
    },
  );
});
