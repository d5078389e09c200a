import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { EventSource } from 'eventsource';
import { openStream, type OpenedStream } from './kit/open-stream.ts';
import { failWith, historyLines, ID, order, OTHER_ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const PATH = `/v1/orders/${ID}/events`;

const { created, started, confirmed, sold, outOfStock } = historyLines;

/** The graph's results for an order with this history. */
const withHistory = (...history: readonly object[]) => ({
  me: { id: OTHER_ID },
  order: { ...order, history },
});

let rest: Rest;
const opened: OpenedStream[] = [];

const start = async (env: Record<string, string> = {}): Promise<void> => {
  rest = await startRest({ EVENT_STREAM_POLL_MS: '20', EVENT_STREAM_RETRY_MS: '10', ...env });
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
};

const watch = async (headers: Record<string, string> = {}): Promise<OpenedStream> => {
  const stream = await openStream(rest.app, PATH, { authorization: 'Bearer a.b.c', ...headers });
  opened.push(stream);
  return stream;
};

const idsOf = (stream: OpenedStream) => stream.events().map(({ id }) => id);

const becomes = (stream: OpenedStream, ...ids: readonly string[]): Promise<void> =>
  eventually(() => expect(idsOf(stream)).toEqual(ids));

/** Waits until the graph was asked again, a few times. */
const waitForPolls = async (): Promise<void> => {
  const before = rest.router.received.length;
  await eventually(() => expect(rest.router.received.length).toBeGreaterThan(before + 2));
};

afterEach(async () => {
  for (const stream of opened.splice(0)) stream.disconnect();
  await rest.close();
});

describe('the events of an order', () => {
  it('are its statuses until the last one, read with the token of the request', async () => {
    await start();
    rest.router.respond(withHistory(created));
    const stream = await watch({ 'accept-encoding': 'gzip' });
    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(stream.headers.get('content-encoding')).toBeNull();
    await becomes(stream, '1');
    rest.router.respond(withHistory(created, started));
    await waitForPolls();
    rest.router.respond(withHistory(created, started, confirmed));
    await becomes(stream, '1', '2');
    await waitForPolls();
    rest.router.respond(withHistory(created, started, confirmed, outOfStock));
    await stream.ended;
    const data = (status: string, { at }: { at: string }, reason: string | null = null) => ({
      event: 'order_status',
      data: { order_id: ID, status, at, reason },
    });
    expect(stream.events()).toEqual([
      { id: '1', ...data('PENDING', created) },
      { id: '2', ...data('CONFIRMED', confirmed) },
      { id: '3', ...data('CANCELLED', outOfStock, 'OUT_OF_STOCK') },
    ]);
    const [first, ...polls] = rest.router.received;
    expect(first?.variables).toEqual({ id: ID, withAccount: true });
    expect(polls.length).toBeGreaterThan(4);
    for (const { headers, variables } of polls) {
      expect(headers.authorization).toBe('Bearer a.b.c');
      expect(variables).toEqual({ id: ID, withAccount: false });
    }
  });

  it('are those after Last-Event-ID, and 204 when there will be none', async () => {
    await start();
    rest.router.respond(withHistory(created, confirmed));
    const stream = await watch({ 'last-event-id': '1' });
    await becomes(stream, '2');
    rest.router.respond(withHistory(created, confirmed, sold));
    await stream.ended;
    expect(idsOf(stream)).toEqual(['2']);

    const first = { headers: { 'last-event-id': '1' } };
    expect(await rest.send('GET', PATH, first)).toMatchObject({ status: 200 });
    const second = { headers: { 'last-event-id': '2' } };
    expect(await rest.send('GET', PATH, second)).toMatchObject({ status: 204, body: {} });
  });

  it('reach a standard client once each, over ends of the stream, and stop it', async () => {
    await start({ EVENT_STREAM_MAX_AGE_MS: '100' });
    rest.router.respond(withHistory(created));
    const { port } = rest.app.server.address() as AddressInfo;
    const statuses: number[] = [];
    const source = new EventSource(`http://127.0.0.1:${port}${PATH}`, {
      fetch: async (url, init) => {
        const headers = { ...init.headers, authorization: 'Bearer a.b.c' };
        const response = await fetch(url, { ...init, headers });
        statuses.push(response.status);
        return response;
      },
    });
    const received: string[] = [];
    source.addEventListener('order_status', (event) => {
      received.push(
        `${event.lastEventId} ${(JSON.parse(event.data) as { status: string }).status}`,
      );
    });
    try {
      await eventually(() => expect(statuses.length).toBeGreaterThan(2));
      rest.router.respond(withHistory(created, confirmed, sold));
      await eventually(() => expect(source.readyState).toBe(EventSource.CLOSED));
      expect(received).toEqual(['1 PENDING', '2 CONFIRMED']);
      expect(new Set(statuses.slice(0, -1))).toEqual(new Set([200]));
      expect(statuses.at(-1)).toBe(204);
    } finally {
      source.close();
    }
  });

  it.each(['UNAVAILABLE', 'GATEWAY_TIMEOUT'])(
    'go on after a time in which the graph was %s',
    async (code) => {
      await start({ EVENT_STREAM_HEARTBEAT_MS: '10' });
      rest.router.respond(withHistory(created));
      const stream = await watch();
      await becomes(stream, '1');
      rest.router.respond({ order: failWith(code) });
      await waitForPolls();
      rest.router.respond(withHistory(created, confirmed, sold));
      await stream.ended;
      expect(idsOf(stream)).toEqual(['1', '2']);
      expect(stream.text()).toContain('\n\n:\n\n');
    },
  );

  it.each([
    ['its token is refused', { order: failWith('UNAUTHENTICATED') }, 'UNAUTHENTICATED'],
    ['it is not found any more', { me: { id: OTHER_ID }, order: null }, 'ORDER_NOT_FOUND'],
  ])('end when %s, and a reconnect says why', async (_what, results, code) => {
    await start();
    rest.router.respond(withHistory(created));
    const stream = await watch();
    await becomes(stream, '1');
    rest.router.respond(results);
    await stream.ended;
    expect(idsOf(stream)).toEqual(['1']);
    const sent = rest.router.received.length;
    expect(await rest.send('GET', PATH)).toMatchObject({ body: { code } });
    expect(rest.router.received).toHaveLength(sent + 1);
  });

  it('are not read any more when the client disconnects', async () => {
    await start({ EVENT_STREAMS: '1' });
    rest.router.respond(withHistory(created));
    const stream = await watch();
    await waitForPolls();
    stream.disconnect();
    // Its place is free.
    await eventually(async () => expect((await watch({ 'last-event-id': '1' })).status).toBe(200));
    opened.at(-1)?.disconnect();
    rest.router.respond(withHistory(created, confirmed, sold));
    await eventually(async () => {
      const { status } = await rest.send('GET', PATH, { headers: { 'last-event-id': '2' } });
      expect(status).toBe(204);
    });
  });
});

describe('a stream that is not opened', () => {
  it('has the problem of the order', async () => {
    await start();
    rest.router.respond({ me: { id: OTHER_ID }, order: null });
    const missing = await rest.send('GET', PATH);
    expect(missing).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    rest.router.respond({ me: null, order: failWith('UNAUTHENTICATED') });
    const unknown = await rest.send('GET', PATH);
    expect(unknown).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    for (const down of [{ me: failWith('UNAVAILABLE') }, { order: failWith('UNAVAILABLE') }]) {
      rest.router.respond({ ...withHistory(created), ...down });
      expect(await rest.send('GET', PATH)).toMatchObject({ status: 503 });
    }
  });

  it.each(['x', '-1', '1.5', '1, 2', '1234567890', ' '])('for Last-Event-ID %j', async (id) => {
    await start();
    const reply = await rest.send('GET', PATH, { headers: { 'last-event-id': id } });
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'Last-Event-Id' }] },
    });
    expect(rest.router.received).toEqual([]);
  });

  it.each([
    ['process', { EVENT_STREAMS: '1' }],
    ['account', { EVENT_STREAMS_PER_ACCOUNT: '1' }],
  ])('when there are too many of the %s', async (limit, env) => {
    await start(env);
    rest.router.respond(withHistory(created));
    const stream = await watch();
    const refused = await rest.send('GET', PATH);
    expect(refused).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { code: 'UNAVAILABLE', detail: expect.stringContaining(limit) },
    });
    stream.disconnect();
    await eventually(async () => expect((await watch()).status).toBe(200));
  });

  it('for HEAD and OPTIONS', async () => {
    await start({ EVENT_STREAMS_PER_ACCOUNT: '1' });
    rest.router.respond(withHistory(created));
    for (let times = 0; times < 3; times += 1) {
      const { statusCode, headers, body } = await rest.app.inject({ method: 'HEAD', url: PATH });
      expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/event-stream', '']);
    }
    const allow = 'GET, HEAD, OPTIONS';
    expect(await rest.send('OPTIONS', PATH)).toMatchObject({ status: 204, headers: { allow } });
  });
});

describe('a process that stops', () => {
  it('ends its streams at once, also while the graph does not answer', async () => {
    await start();
    rest.router.respond(withHistory(created));
    const stream = await watch();
    await becomes(stream, '1');
    rest.router.respondRaw(() => {});
    const before = rest.router.received.length;
    await eventually(() => expect(rest.router.received.length).toBeGreaterThan(before));
    await rest.app.close();
    await stream.ended;
    expect(idsOf(stream)).toEqual(['1']);
  });
});
