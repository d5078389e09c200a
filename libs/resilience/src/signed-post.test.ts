import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { boundCall } from './bound-call.ts';
import { makeSignedPost, type SignedPost } from './signed-post.ts';

/** With one connection: one request is sent, and 16 wait. */
const MAX_REQUESTS = 17;

let server: Server;
let service: SignedPost;
const held: ServerResponse[] = [];

beforeAll(async () => {
  server = createServer((_request, response) => void held.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service = makeSignedPost({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    service: 'product',
    caller: 'order',
    secret: 'the-secret-of-the-orders-0123456789',
    pool: { connections: 1 },
  });
});

afterAll(async () => {
  await service.close();
  server.close();
});

describe('requests of one service', () => {
  it('fail at once when too many wait, and no longer when those are answered', async () => {
    const post = () =>
      boundCall(60_000, async (bounds) => (await service.post('{}', bounds)).body.text());
    const answers = Array.from({ length: MAX_REQUESTS }, post);
    await expect(post()).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 1 });

    for (let answered = 0; answered < MAX_REQUESTS; answered += 1) {
      await eventually(() => expect(held).toHaveLength(answered + 1));
      held[answered]?.end('done');
    }
    expect(await Promise.all(answers)).toEqual(Array(MAX_REQUESTS).fill('done'));
    const next = post();
    await eventually(() => expect(held).toHaveLength(MAX_REQUESTS + 1));
    held.at(-1)?.end('done');
    expect(await next).toBe('done');
  });
});
