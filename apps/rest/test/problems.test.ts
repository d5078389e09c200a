import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCatalogue, problemCatalogue } from '@cartograph/errors';
import { DEADLINE_HEADER } from '@cartograph/resilience';
import { beginTrace, runInTrace, startTelemetry } from '@cartograph/telemetry';
import { makeProblemBody } from '../src/problems/problem-body.ts';
import { ProblemError } from '../src/problems/problem-error.ts';
import { statuses } from '../src/problems/problem-error.ts';
import { failWith } from './kit/shop.ts';
import type { RawResponse } from './kit/start-router.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const json = { 'content-type': 'application/json' };

describe('what goes wrong', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  it('has a status for every code of the catalogue', () => {
    expect(Object.keys(statuses).sort()).toEqual(
      Object.keys({ ...problemCatalogue, ...errorCatalogue }).sort(),
    );
  });

  it.each([
    ['UNAUTHENTICATED', 401, 'UNAUTHENTICATED'],
    ['INTERNAL', 500, 'INTERNAL'],
    ['UNAVAILABLE', 503, 'UNAVAILABLE'],
    ['BAD_USER_INPUT', 422, 'BAD_USER_INPUT'],
    ['DOWNSTREAM_SERVICE_ERROR', 503, 'UNAVAILABLE'],
    ['SUBREQUEST_HTTP_ERROR', 503, 'UNAVAILABLE'],
    ['GRAPHQL_VALIDATION_FAILED', 500, 'INTERNAL'],
    ['constructor', 500, 'INTERNAL'],
  ])('answers the graph’s error %s without its words', async (said, status, code) => {
    rest.router.respond({ products: failWith(said, 'Variable "$secret" of the inside') });
    const reply = await rest.send('GET', '/v1/products?q=private');
    expect(reply).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: `https://cartograph.example/problems/${code.toLowerCase().replaceAll('_', '-')}`,
        title: errorCatalogue[code as keyof typeof errorCatalogue],
        status,
        instance: '/v1/products',
        code,
      },
    });
    expect(JSON.stringify(reply.body)).not.toContain('inside');
  });

  it('says when to come back, where the graph knows', async () => {
    const extensions = { code: 'UNAVAILABLE', retryAfterSeconds: 7 };
    const body = JSON.stringify({ data: null, errors: [{ message: 'away', extensions }] });
    rest.router.respondRaw((response) => void response.writeHead(200, json).end(body));
    expect(await rest.send('GET', '/v1/products')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      body: { code: 'UNAVAILABLE', retry_after_seconds: 7 },
    });
  });

  it.each<[string, RawResponse]>([
    ['is no JSON', (response) => response.writeHead(502).end('<html>bad gateway</html>')],
    ['is nothing', (response) => response.writeHead(200, json).end('null')],
    ['has no data', (response) => response.writeHead(503, json).end('{"status":"draining"}')],
    ['breaks off', (response) => response.destroy()],
  ])('is UNAVAILABLE when the router’s response %s', async (_, response) => {
    rest.router.respondRaw(response);
    const reply = await rest.send('GET', '/v1/products');
    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'UNAVAILABLE' },
    });
    expect(rest.logged.at(-1)).toContain('caused by');
  });

  it('is UNAVAILABLE when there is no router', async () => {
    const alone = await startRest({ ROUTER_URL: 'http://127.0.0.1:1/graphql' });
    const reply = await alone.send('GET', '/v1/me');
    expect(reply).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect((await alone.send('GET', '/readyz')).body).toEqual({ status: 'not ready' });
    expect((await alone.app.readiness.check()).checks).toEqual({ router: 'failing' });
    expect((await alone.send('GET', '/healthz')).status).toBe(200);
    await alone.close();
  });

  it('is INTERNAL when the graph returns an unknown code', async () => {
    const data = { login: { __typename: 'NewProblem', code: 'NEW', message: 'new' } };
    rest.router.respondRaw((response) => {
      response.writeHead(200, json).end(JSON.stringify({ data }));
    });
    const body = { email: 'a', password: 'b' };
    const reply = await rest.send('POST', '/v1/auth/login', { body });
    expect(reply).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(rest.logged.at(-1)).toContain('NewProblem');
  });

  it('gives the router less time than it waits itself', async () => {
    rest.router.respond({ products: failWith('UNAVAILABLE') });
    await rest.send('GET', '/v1/products');
    expect(rest.router.received.at(-1)?.headers[DEADLINE_HEADER]).toBe('59500');
  });

  it('is ready when the router is', async () => {
    const { status, body } = await rest.send('GET', '/readyz');
    expect([status, body]).toEqual([200, { status: 'ready' }]);
    expect((await rest.app.readiness.check()).checks).toEqual({ router: 'ok' });
  });
});

describe('the body of a problem', () => {
  it('carries the trace that it happened in', async () => {
    const telemetry = await startTelemetry({ serviceName: 'rest', otlpEndpoint: undefined });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const trace = beginTrace({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    const body = runInTrace(trace, () => makeProblemBody(new ProblemError('NOT_FOUND'), '/x?y'));
    expect(body).toMatchObject({ trace_id: traceId, instance: '/x' });
    await telemetry.stop();
  });

  it('repeats no path in full that is longer than any of ours', () => {
    const { instance } = makeProblemBody(new ProblemError('NOT_FOUND'), `/${'x'.repeat(10_000)}?y`);
    expect(instance).toBe(`/${'x'.repeat(499)}`);
  });
});
