import type { AddressInfo } from 'node:net';
import { DEFAULT_HTTP_LIMITS } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { makeDrill, type Drill } from './make-drill.ts';
import { makeHttpServer } from './make-http-server.ts';
import { makePrivateServer } from './make-private-server.ts';

const log = makeLogger({ name: 'test', level: 'silent' });

let drill: Drill;
let app: FastifyInstance;
let privateApp: FastifyInstance;

const openPrivate = (given: { drill?: Drill }): FastifyInstance =>
  makePrivateServer({
    writeMetrics: (_request, response) => void response.end(),
    readiness: app.readiness,
    limits: DEFAULT_HTTP_LIMITS,
    ...given,
  });

beforeEach(async () => {
  drill = makeDrill();
  app = makeHttpServer({ log, drill }, {});
  app.get('/', async () => 'served');
  await app.listen();
  privateApp = openPrivate({ drill });
});

afterEach(() => Promise.all([app.close(), privateApp.close()]));

const get = async (path: string): Promise<string> => {
  const { port } = app.server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
  return response ? response.text() : 'no response';
};

const put = (payload: object) => privateApp.inject({ method: 'PUT', url: '/drill', payload });

describe('a drill', () => {
  it('delays requests for as long as it is set', async () => {
    expect(await get('/')).toBe('served');
    expect((await put({ part: 'requests', slowMs: 200 })).statusCode).toBe(200);
    const startedAt = performance.now();
    expect(await get('/')).toBe('served');
    // Timers may be a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(198);
    await put({ part: 'requests', slowMs: 0 });
    expect(drill.requests.isOn()).toBe(false);
  });

  it('fails requests, but no health check', async () => {
    await put({ part: 'requests', fails: true });
    expect(await get('/')).toBe('no response');
    expect(await get('/healthz')).toContain('ok');
    expect(await get('/readyz?verbose')).toContain('ready');
    await put({ part: 'requests', fails: false });
    expect(await get('/')).toBe('served');
  });

  it('has parts that are set and read independently', async () => {
    await put({ part: 'provider', slowMs: 60_000 });
    await put({ part: 'provider', fails: true });
    expect((await privateApp.inject('/drill')).json()).toEqual({
      requests: { slowMs: 0, fails: false },
      provider: { slowMs: 60_000, fails: true },
    });
    expect(await get('/')).toBe('served');
  });

  it.each([
    [{}],
    [{ part: 'database', fails: true }],
    [{ part: 'requests', slowMs: 60_001 }],
    [{ part: 'requests', slowMs: -1 }],
  ])('refuses %j', async (payload) => {
    expect((await put(payload)).statusCode).toBe(400);
    expect(drill.requests.isOn()).toBe(false);
  });
});

describe('a process without drills', () => {
  it('has no address for them', async () => {
    const other = openPrivate({});
    expect((await other.inject('/drill')).statusCode).toBe(404);
    await other.close();
  });
});
