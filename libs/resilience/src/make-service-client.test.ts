import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { DEADLINE_HEADER, runWithDeadline } from './request-bounds.ts';
import { makeServiceClient, type ServiceClient } from './make-service-client.ts';

const SECRET = 'the-secret-of-the-orders-0123456789';
/** Longer than a response takes on a busy machine. */
const TIMEOUT_MS = 30_000;
/** For calls without a response. */
const SHORT_MS = 300;

const OPERATION = parse('query Stock($id: ID!) { stock(id: $id) }') as TypedDocumentNode<
  { stock: number },
  { id: string }
>;

type Handler = (response: ServerResponse, request: IncomingMessage, body: string) => void;

let handle: Handler;
let client: ServiceClient;
let hasty: ServiceClient;
let requests: number;

const server = createServer((request, response) => {
  requests += 1;
  void text(request).then((body) => handle(response, request, body));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const options = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    service: 'product',
    caller: 'order',
    secret: SECRET,
    // The circuit breaker is tested in make-call-policy.test.ts.
    limits: { breakAfter: 1_000 },
  } as const;
  client = makeServiceClient({ ...options, timeoutMs: TIMEOUT_MS });
  hasty = makeServiceClient({ ...options, timeoutMs: SHORT_MS });
});

beforeEach(() => {
  requests = 0;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([client.close(), hasty.close()]);
});

const respond =
  (body: unknown, status = 200): Handler =>
  (response) =>
    void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

const failure = async (from = client): Promise<ShopError> => {
  const error: unknown = await from.request(OPERATION, { id: '1' }).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ShopError) return error;
  throw new Error('the request did not fail as it should', { cause: error });
};

describe('a call of a peer service', () => {
  it('sends the operation with its variables, signed, and returns the data', async () => {
    const verify = makeCallerVerifier({ order: SECRET });
    const seen: unknown[] = [];
    handle = (response, request, body) => {
      const header = request.headers[CALLER_HEADER] as string;
      const signed = {
        audience: 'product',
        method: request.method ?? '',
        path: request.url ?? '',
        body,
      };
      seen.push(verify(header, signed), JSON.parse(body));
      respond({ data: { stock: 7 } })(response, request, body);
    };
    expect(await client.request(OPERATION, { id: 'ü"\n' })).toEqual({ stock: 7 });
    expect(seen).toEqual([
      'order',
      { query: expect.stringContaining('query Stock($id: ID!)'), variables: { id: 'ü"\n' } },
    ]);
  });

  it('signs each call, though they share connections', async () => {
    const headers = new Set<unknown>();
    handle = (response, request, body) => {
      headers.add(request.headers[CALLER_HEADER]);
      respond({ data: { stock: 7 } })(response, request, body);
    };
    await Promise.all(Array.from({ length: 50 }, () => client.request(OPERATION, { id: '1' })));
    expect(headers.size).toBe(50);
  });
});

describe('a peer service that fails', () => {
  it.each<[string, Handler]>([
    ['responds with an error', respond({ errors: [{ message: 'secret' }] })],
    [
      'responds with an error beside its data',
      respond({ data: { stock: 7 }, errors: [{ message: 'secret' }] }),
    ],
    ['refuses the caller', respond({ errors: [{ message: 'secret' }] }, 403)],
    ['responds without data', respond({ data: null })],
    ['responds with an empty body', respond('')],
    ['responds with a page', respond('<html>secret</html>', 502)],
    ['responds with half of the JSON', respond('{"data":{"stock":')],
    ['responds with null', respond('null')],
    ['redirects', (response) => void response.writeHead(302, { location: '/' }).end()],
    ['disconnects', (response) => void response.destroy()],
    [
      'disconnects in the middle of its response',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"data":', () => response.destroy());
      },
    ],
  ])('and %s is UNAVAILABLE, called once, with the cause for the log alone', async (_how, how) => {
    handle = how;
    const error = await failure();
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).not.toContain('secret');
    expect(error.cause).toBeDefined();
    expect(requests).toBe(1);
  });

  it.each<[string, Handler]>([
    ['never responds', () => {}],
    [
      'begins to respond and stops',
      (response) => void response.writeHead(200, { 'content-length': '100' }).write('{"data":'),
    ],
  ])('and %s is UNAVAILABLE within the timeout', async (_how, how) => {
    handle = how;
    const start = performance.now();
    expect((await failure(hasty)).code).toBe('UNAVAILABLE');
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(SHORT_MS - 50);
    expect(took).toBeLessThan(TIMEOUT_MS / 2);
  });

  it('is UNAVAILABLE immediately when no process listens there', async () => {
    const unreachable = makeServiceClient({
      url: 'http://127.0.0.1:1/graphql',
      service: 'product',
      caller: 'order',
      secret: SECRET,
      timeoutMs: TIMEOUT_MS,
    });
    const start = performance.now();
    expect((await failure(unreachable)).code).toBe('UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(TIMEOUT_MS / 2);
    await unreachable.close();
  });

  it('is called again by the next call, and does not delay the calls after it', async () => {
    handle = () => {};
    const call = () => runWithDeadline(SHORT_MS, () => failure());
    await Promise.all(Array.from({ length: 40 }, call));
    handle = respond({ data: { stock: 7 } });
    expect(await client.request(OPERATION, { id: '1' })).toEqual({ stock: 7 });
  });
});

describe('a call that is safe to repeat', () => {
  it('is retried, with a new signature each time', async () => {
    const verify = makeCallerVerifier({ order: SECRET });
    const callers: unknown[] = [];
    handle = (response, request, body) => {
      const signed = {
        audience: 'product',
        method: request.method ?? '',
        path: request.url ?? '',
        body,
      };
      callers.push(verify(request.headers[CALLER_HEADER] as string, signed));
      if (callers.length < 3) response.destroy();
      else respond({ data: { stock: 7 } })(response, request, body);
    };
    expect(await client.request(OPERATION, { id: '1' }, { isSafe: true })).toEqual({ stock: 7 });
    expect(callers).toEqual(['order', 'order', 'order']);
  });

  it.each<[string, Handler]>([
    ['refuses the caller', respond({ errors: [{ message: 'secret' }] }, 403)],
    [
      'reports a fault of the request',
      respond({ errors: [{ message: 'secret', extensions: { code: 'BAD_USER_INPUT' } }] }),
    ],
    ['redirects', (response) => void response.writeHead(302, { location: '/' }).end()],
  ])('is not retried when the service %s', async (_how, how) => {
    handle = how;
    await expect(client.request(OPERATION, { id: '1' }, { isSafe: true })).rejects.toThrow();
    expect(requests).toBe(1);
  });

  it('is not retried when the service sets retryAfterSeconds, which is passed on', async () => {
    const extensions = { code: 'UNAVAILABLE', retryAfterSeconds: 7 };
    handle = respond({ errors: [{ message: 'secret', extensions }] });
    await expect(client.request(OPERATION, { id: '1' }, { isSafe: true })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterSeconds: 7,
    });
    expect(requests).toBe(1);
  });
});

describe('a call within a request with a deadline', () => {
  it('sends how long it waits: at most until the deadline', async () => {
    const timeouts: number[] = [];
    handle = (response, request, body) => {
      timeouts.push(Number(request.headers[DEADLINE_HEADER]));
      respond({ data: { stock: 7 } })(response, request, body);
    };
    await client.request(OPERATION, { id: '1' });
    await runWithDeadline(10_000, () => client.request(OPERATION, { id: '1' }));
    await runWithDeadline(60_000, () => client.request(OPERATION, { id: '1' }));
    const [alone, short, long] = timeouts;
    expect(alone).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(alone).toBeGreaterThan(10_000);
    expect(short).toBeLessThanOrEqual(10_000);
    expect(long).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(long).toBeGreaterThan(10_000);
  });

  it('ends at the deadline, and is not made after it', async () => {
    handle = () => {};
    const start = performance.now();
    const code = await runWithDeadline(SHORT_MS, async () => {
      const first = (await failure()).code;
      const count = requests;
      await failure();
      expect(requests).toBe(count);
      return first;
    });
    expect(code).toBe('UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(TIMEOUT_MS / 2);
  });
});
