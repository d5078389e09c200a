import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeJwksFetcher, makeJwksKeyFinder } from './jwks.ts';
import { readSigningKey, type JwkSet } from './signing-key.ts';

const makeKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
};

const [first, second] = [makeKey(), makeKey()];

let published: JwkSet | Error;
let fetches: number;
let failures: unknown[];
let now: number;
let find: ReturnType<typeof makeJwksKeyFinder>;

beforeEach(() => {
  published = { keys: [first.jwk] };
  fetches = 0;
  failures = [];
  now = 1_000_000;
  find = makeJwksKeyFinder(
    async () => {
      fetches += 1;
      if (published instanceof Error) throw published;
      return published;
    },
    { onFetchFailed: (error) => failures.push(error), now: () => now },
  );
});

const modulusOf = async (kid: string) => (await find(kid))?.export({ format: 'jwk' }).n ?? null;

describe('the key finder', () => {
  it('fetches nothing before a key is needed, and then once', async () => {
    expect(fetches).toBe(0);
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    now += 3_600_000;
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect(fetches).toBe(1);
  });

  it('knows a new key as soon as it is asked for, but asks at most once in 30 seconds', async () => {
    await find(first.kid);
    expect(await find(second.kid)).toBeNull();
    published = { keys: [first.jwk, second.jwk] };
    now += 29_999;
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(await find(attempt === 0 ? second.kid : `noise-${attempt}`)).toBeNull();
    }
    expect(fetches).toBe(1);
    now += 1;
    expect(await modulusOf(second.kid)).toBe(second.jwk.n);
    expect(fetches).toBe(2);
  });

  it('forgets a key that is no longer published', async () => {
    await find(first.kid);
    published = { keys: [second.jwk] };
    now += 30_000;
    await find(second.kid);
    expect(await find(first.kid)).toBeNull();
  });

  it('lets all who ask at once wait for one fetch', async () => {
    const kids = [first.kid, second.kid, 'unknown', '../../dev/null', '__proto__'];
    const found = await Promise.all(kids.map((kid) => find(kid)));
    expect(found.map((key) => key !== null)).toEqual([true, false, false, false, false]);
    expect(fetches).toBe(1);
  });

  it('goes on with the keys it knows while the source is down, and asks it no more often', async () => {
    await find(first.kid);
    published = new Error('down');
    now += 30_000;
    expect(await find(second.kid)).toBeNull();
    expect(await find(second.kid)).toBeNull();
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect([fetches, failures]).toEqual([2, [published]]);
    published = { keys: [first.jwk, second.jwk] };
    now += 30_000;
    expect(await modulusOf(second.kid)).toBe(second.jwk.n);
  });

  it('asks again at once while it knows no key at all', async () => {
    published = new Error('not started yet');
    expect(await find(first.kid)).toBeNull();
    published = { keys: [first.jwk] };
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect(failures).toHaveLength(1);
  });

  it('keeps its keys when what is published is nonsense', async () => {
    await find(first.kid);
    for (const nonsense of [{}, { keys: null }, { keys: [{ kid: 'x', kty: 'RSA' }] }, null]) {
      published = nonsense as unknown as JwkSet;
      now += 30_000;
      expect(await find('x')).toBeNull();
      expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    }
    expect(failures).toHaveLength(4);
  });
});

describe('the key fetcher', () => {
  const answers = [
    [200, JSON.stringify({ keys: [first.jwk] })],
    [503, JSON.stringify({ keys: [second.jwk] })],
    [200, '<html>'],
  ] as const;
  let count = 0;
  const server = createServer((_request, response) => {
    const [status, body] = answers[count++] ?? [500, ''];
    response.writeHead(status, { connection: 'close' }).end(body);
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  it('reads a key set over HTTP, and fails when it is not answered with one', async () => {
    const { port } = server.address() as AddressInfo;
    const fetchKeys = makeJwksFetcher(`http://127.0.0.1:${port}/.well-known/jwks.json`);
    expect(await fetchKeys()).toEqual({ keys: [first.jwk] });
    await expect(fetchKeys()).rejects.toThrow('503');
    await expect(fetchKeys()).rejects.toThrow('JSON');
    const nobody = makeJwksFetcher('http://127.0.0.1:1/');
    await expect(nobody()).rejects.toThrow('fetch failed');
  });
});
