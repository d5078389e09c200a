import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';
import { makeRemoteRevocations } from './make-remote-revocations.ts';

const AS_OF = '2026-01-31T12:00:00.000Z';
const FEED = { ids: ['a'], asOf: AS_OF, issuedBefore: null, keepMs: 660_000 };

let status = 200;
/** What the user service answers; null when it hangs. */
let body: string | null;
let last: { request: IncomingMessage; body: string };
const users = createServer((request, response) => {
  void text(request).then((given) => {
    last = { request, body: given };
    if (body !== null) response.writeHead(status).end(body);
  });
});

let feed: ReturnType<typeof makeRemoteRevocations>;
/** For what never answers. */
let hasty: ReturnType<typeof makeRemoteRevocations>;

beforeAll(async () => {
  await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve));
  const options = {
    service: 'user',
    url: `http://127.0.0.1:${(users.address() as AddressInfo).port}/graphql`,
    caller: 'order',
    secret: TEST_SECRET,
  } as const;
  feed = makeRemoteRevocations({ ...options, timeoutMs: 60_000 });
  hasty = makeRemoteRevocations({ ...options, timeoutMs: 300 });
});

afterAll(async () => {
  await Promise.all([feed.close(), hasty.close()]);
  users.closeAllConnections();
  users.close();
});

const data = (answer: object | null) => JSON.stringify({ data: { sessionRevocations: answer } });

describe('the feed of the user service', () => {
  it('is read by a signed request with the last time', async () => {
    body = data(FEED);
    expect(await feed.read(null, 1_000)).toEqual({ ...FEED, asOf: new Date(AS_OF) });
    body = data({ ...FEED, issuedBefore: AS_OF });
    const after = new Date('2026-01-31T11:00:00.000Z');
    expect((await feed.read(after, 1_000)).issuedBefore).toEqual(new Date(AS_OF));
    const variables = { after: after.toISOString(), waitMs: 1_000 };
    expect(JSON.parse(last.body)).toMatchObject({ variables });
    const caller = makeCallerVerifier({ order: TEST_SECRET })(
      String(last.request.headers[CALLER_HEADER]),
      {
        audience: 'user',
        method: 'POST',
        path: last.request.url ?? '',
        body: last.body,
      },
    );
    expect(caller).toBe('order');
  });

  it.each([
    ['a refusal', 403, '{"errors":[{"message":"no"}]}', '403'],
    ['an error', 200, '{"data":null,"errors":[{"message":"too busy"}]}', 'too busy'],
    ['nothing', 200, 'null', 'failed'],
    ['no JSON', 200, '<html>', 'JSON'],
    ['no time', 200, data({ ...FEED, asOf: 'soon' }), 'an invalid time'],
  ])('fails when it responds with %s', async (_what, code, answer, message) => {
    [status, body] = [code, answer];
    await expect(feed.read(null, 1_000)).rejects.toThrow(message);
    status = 200;
  });

  it('fails when it does not respond, and is read again', async () => {
    body = null;
    await expect(hasty.read(null, 0)).rejects.toThrow('timeout');
    body = data(FEED);
    expect((await hasty.read(null, 0)).ids).toEqual(['a']);
  });

  it('is closed immediately, also while a read waits', async () => {
    body = null;
    const waiting = feed.read(null, 1_000).catch(() => 'cut off');
    await feed.close();
    expect(await waiting).toBe('cut off');
  });
});
