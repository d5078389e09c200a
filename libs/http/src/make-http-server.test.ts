import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_LIMITS } from '@cartograph/config';
import { eventually, testInfrastructure } from '@cartograph/testing';
import { makeLogger } from '@cartograph/logging';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';
import { makePrivateServer } from './make-private-server.ts';

let app: FastifyInstance;
let lines: string[];
let isDatabaseThere: boolean;
let checks = 0;

beforeEach(() => {
  lines = [];
  isDatabaseThere = true;
  app = makeHttpServer(
    {
      log: makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) }),
    },
    {
      database: async () => {
        checks += 1;
        // As a query does, it takes a moment.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (!isDatabaseThere) throw new Error('hunter2');
      },
    },
  );
});

afterEach(() => app.close());

describe('the server of a process', () => {
  it('is always alive, and ready while all that it needs is there', async () => {
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' });
    isDatabaseThere = false;
    const response = await app.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: 'not ready' });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });

  it('has no metrics and no checks: they are on the private server', async () => {
    expect((await app.inject('/metrics')).statusCode).toBe(404);
    isDatabaseThere = false;
    expect((await app.inject('/readyz')).body).not.toContain('database');
    const inner = makePrivateServer({
      writeMetrics: (_request, response) => response.end('metrics'),
      readiness: app.readiness,
      limits: DEFAULT_HTTP_LIMITS,
    });
    expect((await inner.inject('/metrics')).body).toBe('metrics');
    expect((await inner.inject('/healthz')).json()).toEqual({ status: 'ok' });
    const response = await inner.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: 'not ready', checks: { database: 'failing' } });
    expect(response.body).not.toContain('hunter2');
    isDatabaseThere = true;
    expect((await inner.inject('/readyz')).statusCode).toBe(200);
    app.readiness.drain();
    expect((await inner.inject('/readyz')).json()).toMatchObject({ status: 'draining' });
    await inner.close();
  });

  it('checks once for all who ask at the same time', async () => {
    const before = checks;
    await Promise.all(Array.from({ length: 20 }, () => app.inject('/readyz')));
    expect(checks - before).toBe(1);
  });

  it('names each request, by the name it came with if that is one', async () => {
    const idOf = async (given?: string) => {
      const headers = given === undefined ? {} : { 'x-request-id': given };
      return (await app.inject({ url: '/healthz', headers })).headers['x-request-id'];
    };
    expect(await idOf('order-42')).toBe('order-42');
    expect(await idOf('a b\n')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs one line a request, with its name and no query', async () => {
    app.get('/items/:id', () => 'full');
    await app.inject({ url: '/items/7?token=hunter2', headers: { 'x-request-id': 'r-1' } });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      msg: 'request answered',
      request_id: 'r-1',
      method: 'GET',
      route: '/items/:id',
      status: 200,
    });
    expect(lines[0]).not.toContain('hunter2');
  });

  it('closes without waiting for connections that never had a request', async () => {
    // Longer than this test may take.
    const limits = { ...DEFAULT_HTTP_LIMITS, idleTimeoutMs: 3_600_000 };
    const server = makeHttpServer(testInfrastructure(), {}, { limits });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const unused = connect(port, '127.0.0.1');
    await once(unused, 'connect');
    const closed = once(unused, 'close');
    await server.close();
    await closed;
  });

  it('finishes what is in flight before it closes, and takes nothing new', async () => {
    const { promise: work, resolve: finish } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    app.get('/slow', async () => {
      begin();
      await work;
      return 'done';
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const inFlight = fetch(`${origin}/slow`);
    await begun;
    const closing = app.close();
    try {
      await eventually(() => expect(app.server.listening).toBe(false));
      await expect(fetch(`${origin}/healthz`, { keepalive: false })).rejects.toThrow();
    } finally {
      finish();
    }
    const response = await inFlight;
    expect([response.status, await response.text()]).toEqual([200, 'done']);
    await closing;
  });
});
