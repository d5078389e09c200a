import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { DEADLINE_HEADER, runWithDeadline } from './deadline.ts';
import { makeServiceClient, type ServiceClient } from './make-service-client.ts';

const SECRET = 'the-secret-of-the-orders-0123456789';
/** Longer than a busy machine keeps an answer waiting. */
const TIMEOUT_MS = 30_000;
/** For calls that are never answered. */
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
    // What a breaker does about failures is told in make-guard.test.ts.
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

const answer =
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

describe('a call to a sister service', () => {
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
      answer({ data: { stock: 7 } })(response, request, body);
    };
    expect(await client.request(OPERATION, { id: 'ü"\n' })).toEqual({ stock: 7 });
    expect(seen).toEqual([
      'order',
      { query: expect.stringContaining('query Stock($id: ID!)'), variables: { id: 'ü"\n' } },
    ]);
  });

  it('signs each call anew, though they share connections', async () => {
    const headers = new Set<unknown>();
    handle = (response, request, body) => {
      headers.add(request.headers[CALLER_HEADER]);
      answer({ data: { stock: 7 } })(response, request, body);
    };
    await Promise.all(Array.from({ length: 50 }, () => client.request(OPERATION, { id: '1' })));
    expect(headers.size).toBe(50);
  });
});

describe('a sister service that fails', () => {
  it.each<[string, Handler]>([
    ['answers with an error', answer({ errors: [{ message: 'secret' }] })],
    [
      'answers with an error beside its data',
      answer({ data: { stock: 7 }, errors: [{ message: 'secret' }] }),
    ],
    ['refuses the caller', answer({ errors: [{ message: 'secret' }] }, 403)],
    ['answers without data', answer({ data: null })],
    ['answers with nothing', answer('')],
    ['answers with a page', answer('<html>secret</html>', 502)],
    ['answers with half of an answer', answer('{"data":{"stock":')],
    ['answers with no object', answer('null')],
    ['leads somewhere else', (response) => void response.writeHead(302, { location: '/' }).end()],
    ['hangs up', (response) => void response.destroy()],
    [
      'hangs up in the middle of its answer',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"data":', () => response.destroy());
      },
    ],
  ])('and %s is UNAVAILABLE, asked once, with the cause for the log alone', async (_how, how) => {
    handle = how;
    const error = await failure();
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).not.toContain('secret');
    expect(error.cause).toBeDefined();
    expect(requests).toBe(1);
  });

  it.each<[string, Handler]>([
    ['never answers', () => {}],
    [
      'begins to answer and stops',
      (response) => void response.writeHead(200, { 'content-length': '100' }).write('{"data":'),
    ],
  ])('and %s is UNAVAILABLE within the time that was set', async (_how, how) => {
    handle = how;
    const start = performance.now();
    expect((await failure(hasty)).code).toBe('UNAVAILABLE');
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(SHORT_MS - 50);
    expect(took).toBeLessThan(TIMEOUT_MS / 2);
  });

  it('is UNAVAILABLE at once when nobody listens there', async () => {
    const nobody = makeServiceClient({
      url: 'http://127.0.0.1:1/graphql',
      service: 'product',
      caller: 'order',
      secret: SECRET,
      timeoutMs: TIMEOUT_MS,
    });
    const start = performance.now();
    expect((await failure(nobody)).code).toBe('UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(TIMEOUT_MS / 2);
    await nobody.close();
  });

  it('is asked again by the next call, and does not keep the ones after it waiting', async () => {
    handle = () => {};
    const ask = () => runWithDeadline(SHORT_MS, () => failure());
    await Promise.all(Array.from({ length: 40 }, ask));
    handle = answer({ data: { stock: 7 } });
    expect(await client.request(OPERATION, { id: '1' })).toEqual({ stock: 7 });
  });
});

describe('a call that is safe to repeat', () => {
  it('is tried again, signed anew each time', async () => {
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
      else answer({ data: { stock: 7 } })(response, request, body);
    };
    expect(await client.request(OPERATION, { id: '1' }, { isSafe: true })).toEqual({ stock: 7 });
    expect(callers).toEqual(['order', 'order', 'order']);
  });

  it.each<[string, Handler]>([
    ['refuses the caller', answer({ errors: [{ message: 'secret' }] }, 403)],
    [
      'finds fault with the request',
      answer({ errors: [{ message: 'secret', extensions: { code: 'BAD_USER_INPUT' } }] }),
    ],
    ['leads somewhere else', (response) => void response.writeHead(302, { location: '/' }).end()],
  ])('is not tried again when the service %s', async (_how, how) => {
    handle = how;
    await expect(client.request(OPERATION, { id: '1' }, { isSafe: true })).rejects.toThrow();
    expect(requests).toBe(1);
  });

  it('is not tried again when the service says when to come back; that is passed on', async () => {
    const extensions = { code: 'UNAVAILABLE', retryAfterSeconds: 7 };
    handle = answer({ errors: [{ message: 'secret', extensions }] });
    await expect(client.request(OPERATION, { id: '1' }, { isSafe: true })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterSeconds: 7,
    });
    expect(requests).toBe(1);
  });
});

describe('a call on behalf of somebody who waits', () => {
  it('tells how long we wait, which is no longer than they do', async () => {
    const told: number[] = [];
    handle = (response, request, body) => {
      told.push(Number(request.headers[DEADLINE_HEADER]));
      answer({ data: { stock: 7 } })(response, request, body);
    };
    await client.request(OPERATION, { id: '1' });
    await runWithDeadline(10_000, () => client.request(OPERATION, { id: '1' }));
    await runWithDeadline(60_000, () => client.request(OPERATION, { id: '1' }));
    const [alone, hurried, patient] = told;
    expect(alone).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(alone).toBeGreaterThan(10_000);
    expect(hurried).toBeLessThanOrEqual(10_000);
    expect(patient).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(patient).toBeGreaterThan(10_000);
  });

  it('ends when they wait no longer, and is not made when they do not any more', async () => {
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
