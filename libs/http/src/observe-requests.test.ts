import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import {
  activeTraceId,
  outgoingTraceHeaders,
  startTelemetry,
  type Telemetry,
} from '@cartograph/telemetry';
import { eventually } from '@cartograph/testing';
import { trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer, type HttpServerOptions } from './make-http-server.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

let telemetry: Telemetry;
let app: FastifyInstance;
let lines: Record<string, unknown>[];

/** Listens, so that bodies come from a connection, outside of any trace. */
const listen = async (options: HttpServerOptions = {}): Promise<string> => {
  lines = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = makeLogger({ name: 'test', level: 'info' }, { write });
  app = makeHttpServer(
    { log },
    {},
    {
      sendError: (_error, _request, reply) => reply.code(400).send({ trace_id: activeTraceId() }),
      ...options,
    },
  );
  app.post('/echo', async (request) => {
    await new Promise((resolve) => setImmediate(resolve));
    request.log.info('echoed');
    return { trace_id: activeTraceId(), headers: outgoingTraceHeaders() };
  });
  app.get('/stream', (request) => {
    request.answeredAfterMs = 100_000;
    return {};
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  lines = []; // That it listens.
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
};

const post = async (origin: string, headers: Record<string, string> = {}, body = '{"a":1}') => {
  const response = await fetch(`${origin}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return (await response.json()) as { trace_id?: string; headers: Record<string, string> };
};

const scrape = async (): Promise<string> => {
  const server = createServer((request, response) => telemetry.writeMetrics(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await (
      await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    ).text();
  } finally {
    server.close();
  }
};

beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
});
afterAll(() => telemetry.stop());
afterEach(() => app.close());

describe('the trace of a request, where no spans are exported', () => {
  let origin: string;
  beforeEach(async () => {
    origin = await listen();
  });

  it('is that of its traceparent, in logs, for calls, and after the body was read', async () => {
    const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`;
    const { trace_id, headers } = await post(origin, { traceparent, tracestate: 'vendor=1' });
    expect(trace_id).toBe(TRACE_ID);
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
    expect(headers['traceparent']).not.toContain(PARENT_ID);
    expect(headers['tracestate']).toBe('vendor=1');
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines.map((line) => [line['msg'], line['trace_id']])).toEqual([
      ['echoed', TRACE_ID],
      ['request answered', TRACE_ID],
    ]);
    expect(new Set(lines.map((line) => line['span_id'])).size).toBe(1);
  });

  const invalid: readonly IncomingHttpHeaders[] = [
    {},
    { traceparent: `00-${'0'.repeat(32)}-${PARENT_ID}-01` },
    { traceparent: `00-${TRACE_ID}-${'0'.repeat(16)}-01` },
    { traceparent: `ff-${TRACE_ID}-${PARENT_ID}-01` },
    { traceparent: `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01` },
  ];
  it.each(invalid)('is a new one, not sampled, with the headers %p', async (given) => {
    const { trace_id, headers } = await post(origin, given as Record<string, string>);
    expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(trace_id).not.toBe(TRACE_ID);
    expect(headers).toEqual({
      traceparent: expect.stringMatching(`^00-${trace_id}-[0-9a-f]{16}-00$`),
    });
  });

  it('is not mixed up between concurrent requests', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => String(n + 1).padStart(32, 'a'));
    const found = await Promise.all(
      ids.map((id) => post(origin, { traceparent: `00-${id}-${PARENT_ID}-00` })),
    );
    expect(found.map(({ trace_id }) => trace_id)).toEqual(ids);
  });

  it('is named in the errors of a body and of an address that are not valid', async () => {
    const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`;
    expect(await post(origin, { traceparent }, '{')).toEqual({ trace_id: TRACE_ID });
    const response = await fetch(`${origin}/%E0%A4`, { headers: { traceparent } });
    expect(await response.json()).toEqual({ trace_id: TRACE_ID });
  });

  it('makes no spans, and still measures requests, but not probes', async () => {
    await post(origin);
    await fetch(`${origin}/healthz`);
    expect(trace.getTracer('test').startSpan('query').isRecording()).toBe(false);
    await eventually(async () => {
      const text = await scrape();
      expect(text).toMatch(/http_server_request_duration.*http_route="\/echo"/);
      expect(text).not.toContain('/healthz');
    });
  });

  it('measures a response that lasts as long as it is read by when it began', async () => {
    await fetch(`${origin}/stream`);
    await eventually(async () =>
      expect(await scrape()).toMatch(
        /http_server_request_duration_sum\{.*http_route="\/stream".*\} 100(?:\s|$)/m,
      ),
    );
    expect(lines.at(-1)).toMatchObject({ route: '/stream', duration_ms: expect.any(Number) });
    expect(lines.at(-1)?.['duration_ms']).toBeLessThan(100_000);
  });
});

describe('the log of a server that other processes call', () => {
  const requestLog = { slowerThanMs: 60_000 };

  it('has no line for a request that was answered in time', async () => {
    await post(await listen({ requestLog }));
    await app.close();
    expect(lines.map(({ msg }) => msg)).toEqual(['echoed']);
  });

  it('has a line for one that failed', async () => {
    await post(await listen({ requestLog }), {}, '{');
    await app.close();
    expect(lines).toMatchObject([{ msg: 'request answered', status: 400, route: '/echo' }]);
  });

  it('has a line for one that took long', async () => {
    await post(await listen({ requestLog: { slowerThanMs: 0.001 } }));
    await app.close();
    expect(lines.map(({ msg }) => msg)).toEqual(['echoed', 'request answered']);
  });
});
