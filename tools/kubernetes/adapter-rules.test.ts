import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { recordRequest, startTelemetry } from '@cartograph/telemetry';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const file = path.resolve(
  import.meta.dirname,
  '../../docker/kubernetes/components/monitoring/adapter-rules.yaml',
);

/** What Prometheus reads from a process that has answered one request. */
const scrape = async (): Promise<string> => {
  const telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
  const server = createServer(telemetry.writeMetrics).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const request = { method: 'GET', url: '/', route: '/', protocol: '1.1' };
  recordRequest({ ...request, status: 200, durationMs: 5 });
  try {
    return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  } finally {
    server.closeAllConnections();
    server.close();
    await telemetry.stop();
  }
};

it('reads a series that the processes have', async () => {
  const { rules } = parse(readFileSync(file, 'utf8')) as {
    rules: { custom: readonly { seriesQuery: string }[] };
  };
  const series = rules.custom.map(({ seriesQuery }) => seriesQuery.split('{')[0]);
  const text = await scrape();
  expect(series.length).toBeGreaterThan(0);
  for (const name of series) expect(text).toContain(`\n${name}{`);
});
