import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@cartograph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { readMetrics } from './read-metrics.ts';
import { renderPage } from './render-page.ts';
import { MAX_ERRORS, MAX_READINGS, watchShop, type ShopWatch } from './watch-shop.ts';

const servers: http.Server[] = [];
const watches: ShopWatch[] = [];
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const metricsOf = (requests: number, failures: number): string => `
target_info{service_version="1.2.3"} 1
http_server_request_duration_count{http_request_method="GET",http_route="/v1",http_response_status_code="200"} ${requests}
http_server_request_duration_count{http_request_method="GET",http_route="/v1",http_response_status_code="500"} ${failures}
http_server_request_duration_bucket{le="0.1"} ${requests + failures}
http_server_request_duration_bucket{le="+Inf"} ${requests + failures}
`;

/** A process that answers these readings, one after the other, and then always the last. */
const answering = async (...readings: (readonly [ready: object, metrics: string])[]) => {
  let reads = 0;
  const server = http.createServer(({ url }, response) => {
    const reading = readings[Math.min(Math.floor(reads / 2), readings.length - 1)];
    reads += 1;
    const [ready = {}, metrics] = reading ?? [];
    if (url === '/readyz') response.statusCode = 'status' in ready ? 200 : 503;
    response.end(url === '/readyz' ? JSON.stringify(ready) : metrics);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const watch = (...processes: readonly (readonly [name: string, origin: string])[]) => {
  const targets = processes.map(([name, origin]) => ({ name, origin }));
  const watching = watchShop(targets, { intervalMs: 5 });
  watches.push(watching);
  return watching;
};

const READY = { status: 'ready', checks: { database: 'ok' } };

describe('the status of a shop', () => {
  it('has what each process says, and what happened between readings', async () => {
    const rest = await answering([READY, metricsOf(0, 1)], [READY, metricsOf(90, 4)]);
    const order = await answering([
      { status: 'not ready', checks: { database: 'failing', router: 'ok' } },
      '',
    ]);
    const watching = watch(['rest', rest], ['order', order], ['user', 'http://127.0.0.1:1']);
    const status = await eventually(() => {
      const now = watching.status();
      expect(now.lastErrors).toHaveLength(1);
      return now;
    });
    expect(status.processes).toMatchObject([
      { name: 'rest', state: 'ready', failingChecks: [], version: '1.2.3' },
      { name: 'order', state: 'not ready', failingChecks: ['database'] },
      { name: 'user', state: 'no answer', version: null, now: null },
    ]);
    // What was counted before the first reading did not happen now.
    expect(status.lastErrors).toMatchObject([
      { process: 'rest', code: '500', where: 'GET /v1', count: 3 },
    ]);
    const [{ history = [] } = {}] = status.processes;
    const grown = history.find(({ requestsPerSecond }) => (requestsPerSecond ?? 0) > 0);
    expect((grown?.errorsPerSecond ?? 0) / (grown?.requestsPerSecond ?? 1)).toBeCloseTo(3 / 93);
    expect(grown?.p99Seconds).toBeCloseTo(0.099);
  });

  it('holds a bounded number of readings and errors', async () => {
    let failures = 0;
    const watching = watchShop([{ name: 'rest', origin: 'http://127.0.0.1:1' }], {
      intervalMs: 1,
      read: async () => {
        failures += 1;
        return { state: 'ready', failingChecks: [], metrics: readMetrics(metricsOf(0, failures)) };
      },
    });
    watches.push(watching);
    await eventually(() => expect(failures).toBeGreaterThan(MAX_READINGS + 5));
    const { processes, lastErrors } = watching.status();
    expect(processes[0]?.history).toHaveLength(MAX_READINGS - 1);
    expect(lastErrors).toHaveLength(MAX_ERRORS);
    expect(lastErrors[0]?.at).toBeGreaterThanOrEqual(lastErrors.at(-1)?.at ?? Infinity);
  });
});

describe('the page of a status', () => {
  it('has no markup of what a process says, and says what is wrong first', async () => {
    const text = 'target_info{service_version="<img src=x onerror=alert(1)>"} 1';
    const origin = await answering([{ status: 'ready', checks: { '<b>': 'failing' } }, text]);
    const watching = watch(['rest', origin], ['order', 'http://127.0.0.1:1']);
    const html = await eventually(() => {
      const status = watching.status();
      expect(status.at).not.toBeNull();
      return renderPage(status);
    });
    expect(html).toContain('&lt;img src=x');
    expect(html).toContain('<dd>&lt;b&gt;</dd>');
    expect(html).not.toContain('<img');
    expect(html).toContain('<p class="banner bad">Not ready: order</p>');
    expect(html).toContain('<title>(!) ');
  });
});
