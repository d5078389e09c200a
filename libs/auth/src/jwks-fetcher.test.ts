import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeJwksFetcher } from './jwks.ts';

describe('the key fetcher', () => {
  const answers = [
    [200, JSON.stringify({ keys: [{ kid: 'first' }] })],
    [503, JSON.stringify({ keys: [{ kid: 'second' }] })],
    [200, '<html>'],
  ] as const;
  let count = 0;
  let caching: string | undefined;
  const server = createServer((request, response) => {
    caching = request.headers['cache-control'];
    const [status, body] = answers[count++] ?? [500, ''];
    response.writeHead(status, { connection: 'close' }).end(body);
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  it('reads a key set over HTTP, and fails for any other response', async () => {
    const { port } = server.address() as AddressInfo;
    const fetchKeys = makeJwksFetcher(`http://127.0.0.1:${port}/.well-known/jwks.json`);
    expect(await fetchKeys()).toEqual({ keys: [{ kid: 'first' }] });
    expect(caching).toBe('no-cache');
    await expect(fetchKeys()).rejects.toThrow('503');
    await expect(fetchKeys()).rejects.toThrow('JSON');
    const unreachable = makeJwksFetcher('http://127.0.0.1:1/');
    await expect(unreachable()).rejects.toThrow('fetch failed');
  });
});

describe('a source of keys that never answers', () => {
  it.each([
    ['sends nothing', () => undefined],
    ['does not end its body', (response: ServerResponse) => response.writeHead(200).write('{')],
  ])(
    'fails the fetch, but not the next one: it %s',
    async (_fault, stall) => {
      let isStalled = true;
      const server = createServer((_request, response) => {
        if (isStalled) stall(response);
        else response.end(JSON.stringify({ keys: [] }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      try {
        await expect(makeJwksFetcher(url, 200)()).rejects.toThrow('due to timeout');
        isStalled = false;
        expect(await makeJwksFetcher(url)()).toEqual({ keys: [] });
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
    60_000,
  );
});
