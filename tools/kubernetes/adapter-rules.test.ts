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

/** The names of series that a query of Prometheus selects: its expressions match whole names. */
const namesIn = (query: string): RegExp => {
  const [, names] = /__name__=~"([^"]+)"/.exec(query) ?? [];
  if (names === undefined) throw new Error(`${query} selects no series by an expression`);
  return new RegExp(`^(?:${names})$`);
};

it('reads the series of our processes, and that of Apollo Router', async () => {
  const { rules } = parse(readFileSync(file, 'utf8')) as {
    rules: { custom: readonly { seriesQuery: string; metricsQuery: string }[] };
  };
  const scraped = new Set(
    Array.from((await scrape()).matchAll(/^(\w+)\{/gm), ([, name = '']) => name),
  );
  expect(rules.custom.length).toBeGreaterThan(0);
  for (const { seriesQuery, metricsQuery } of rules.custom) {
    // The adapter would put in one of the two names: the last that it has found.
    expect(metricsQuery).not.toContain('<<.Series>>');
    for (const names of [seriesQuery, metricsQuery].map(namesIn)) {
      expect([...scraped].filter((name) => names.test(name))).toEqual([
        'http_server_request_duration_sum',
      ]);
      // Its exporter adds the unit to a name.
      expect('http_server_request_duration_seconds_sum').toMatch(names);
    }
  }
});
