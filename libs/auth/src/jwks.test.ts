import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeJwksKeyFinder } from './jwks.ts';
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
    now += 59_999;
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect(fetches).toBe(1);
  });

  it('fetches a new key on the first request, but at most once in 30 seconds', async () => {
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

  it('drops a key that is no longer published', async () => {
    await find(first.kid);
    published = { keys: [second.jwk] };
    now += 30_000;
    await find(second.kid);
    expect(await find(first.kid)).toBeNull();
  });

  it('shares one fetch between concurrent requests', async () => {
    const kids = [first.kid, second.kid, 'unknown', '../../dev/null', '__proto__'];
    const found = await Promise.all(kids.map((kid) => find(kid)));
    expect(found.map((key) => key !== null)).toEqual([true, false, false, false, false]);
    expect(fetches).toBe(1);
  });

  it('uses the known keys while the source is down, and fetches no more often', async () => {
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

  it('retries immediately while it knows no key', async () => {
    published = new Error('not started yet');
    await expect(find(first.kid)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    published = { keys: [first.jwk] };
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect(failures).toHaveLength(1);
  });

  it('keeps its keys when the published set is invalid', async () => {
    await find(first.kid);
    for (const nonsense of [
      {},
      { keys: [] },
      { keys: null },
      { keys: [{ kid: 'x', kty: 'RSA' }] },
      null,
    ]) {
      published = nonsense as unknown as JwkSet;
      now += 30_000;
      expect(await find('x')).toBeNull();
      expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    }
    expect(failures).toHaveLength(5);
  });
});

describe('the refresh of known keys', () => {
  /** Lets background fetches end. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const later = async (ms: number, kid = first.kid) => {
    now += ms;
    const known = (await find(kid)) !== null;
    await settle();
    return known;
  };

  it('happens once a minute in the background of a request', async () => {
    await find(first.kid);
    const { promise, resolve } = Promise.withResolvers<JwkSet>();
    published = promise as unknown as JwkSet;
    now += 60_000;
    for (let use = 0; use < 50; use += 1) expect(await find(first.kid)).not.toBeNull();
    expect(fetches).toBe(2);
    resolve({ keys: [first.jwk, second.jwk] });
    await settle();
    expect(await modulusOf(second.kid)).toBe(second.jwk.n);
    expect(fetches).toBe(2);
  });

  it('knows a published key before it signs, so that no request waits for it', async () => {
    await find(first.kid);
    published = { keys: [first.jwk, second.jwk] };
    await later(60_000);
    const before = fetches;
    expect(await modulusOf(second.kid)).toBe(second.jwk.n);
    expect(fetches).toBe(before);
  });

  it('drops a removed key', async () => {
    await find(first.kid);
    published = { keys: [second.jwk] };
    expect(await later(60_000)).toBe(true);
    expect(await later(0)).toBe(false);
  });

  it('comes before the first result after a long time without requests', async () => {
    await find(first.kid);
    published = { keys: [second.jwk] };
    expect(await later(120_000)).toBe(false);
  });

  it('uses stale keys for an hour while the source is down, and retries every 30 seconds', async () => {
    await find(first.kid);
    published = new Error('down');
    for (let second = 0; second < 3_600; second += 1) expect(await later(1_000)).toBe(true);
    expect(failures).toHaveLength(3_600 / 30 - 1);
    published = { keys: [second.jwk] };
    await later(30_000).catch(() => {});
    expect(await later(0)).toBe(false);
  });

  it('does not verify with older keys, because they may be removed', async () => {
    await find(first.kid);
    published = new Error('down');
    await later(3_600_000);
    for (const kid of [first.kid, second.kid, 'noise']) {
      await expect(later(1, kid)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    // Nor is the source queried by each request.
    expect(failures).toHaveLength(1);
    published = { keys: [first.jwk] };
    now += 30_000;
    expect(await modulusOf(first.kid)).toBe(first.jwk.n);
    expect(await find('noise')).toBeNull();
  });

  it('counts the age of keys from the request, not from the response', async () => {
    const { promise, resolve } = Promise.withResolvers<JwkSet>();
    published = promise as unknown as JwkSet;
    const found = find(first.kid);
    now += 10_000;
    resolve({ keys: [first.jwk] });
    expect(await found).not.toBeNull();
    published = new Error('down');
    now += 3_590_000;
    expect(await later(0)).toBe(true);
    await expect(later(1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('shares its fetch with requests for an unknown key', async () => {
    await find(first.kid);
    published = { keys: [first.jwk, second.jwk] };
    now += 60_000;
    const found = await Promise.all([first.kid, second.kid, 'noise'].map((kid) => find(kid)));
    expect(found.map((key) => key !== null)).toEqual([true, true, false]);
    expect(fetches).toBe(2);
  });

  it('uses the configured intervals', async () => {
    const options = { onFetchFailed: () => {}, now: () => now };
    const fetchKeys = async () => {
      fetches += 1;
      return { keys: [first.jwk] };
    };
    find = makeJwksKeyFinder(fetchKeys, {
      ...options,
      refreshAfterMs: 100,
      refetchAfterMs: 10,
      maxAgeMs: 1_000,
    });
    await find(first.kid);
    await later(9, 'noise');
    expect(fetches).toBe(1);
    await later(1, 'noise');
    expect(fetches).toBe(2);
    await later(100);
    expect(fetches).toBe(3);
  });
});
