import { describe, expect, it } from 'vitest';
import { makeThrottle, type Attempt, type AttemptCounter, type Throttle } from './throttle.ts';

const MINUTE_MS = 60_000;
const within = (points: number) => ({ points, windowMs: 15 * MINUTE_MS });

const rules = {
  loginPair: within(3),
  loginAddress: within(8),
  loginAccount: within(5),
  register: within(2),
  refresh: within(2),
  changePassword: within(2),
  knownAddressMs: 24 * 60 * MINUTE_MS,
};

/** A counter whose counts never end. */
const makeCounter = (counts: Map<string, number>): AttemptCounter => {
  const countOf = (key: string) => ({ used: counts.get(key) ?? 0, endsInMs: 90_500 });
  const change = (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  return {
    add: async (key) => {
      change(key, 1);
      return countOf(key);
    },
    find: async (key) => (counts.has(key) ? countOf(key) : null),
    subtract: async (key) => void change(key, -1),
    clear: async (key) => void counts.delete(key),
  };
};

const openThrottle = (
  broken: Partial<AttemptCounter> = {},
  isKnown?: (key: string, now: Date) => Promise<boolean>,
) => {
  const counts = new Map<string, number>();
  const known = new Map<string, Date>();
  const refused: string[] = [];
  const failures: unknown[] = [];
  const throttle = makeThrottle({
    counter: { ...makeCounter(counts), ...broken },
    known: {
      remember: async (key, until) => void known.set(key, until),
      isKnown: isKnown ?? (async (key, now) => (known.get(key) ?? now) > now),
    },
    rules,
    secret: 'secret',
    onRefused: (operation) => refused.push(operation),
    onFailure: (error) => failures.push(error),
  });
  return { throttle, counts, known, refused, failures };
};

/** Fails at something so many times. @returns how many were let through */
const fail = async (times: number, make: () => Attempt): Promise<number> => {
  let passed = 0;
  for (let time = 0; time < times; time += 1) {
    const attempt = make();
    if ((await attempt.check()) === null && (await attempt.count()) === null) passed += 1;
  }
  return passed;
};

const succeed = async (attempt: Attempt): Promise<boolean> => {
  const refused = (await attempt.check()) ?? (await attempt.count());
  if (!refused) await attempt.recordSuccess();
  return refused === null;
};

const EMAIL = 'ann@example.com';

describe('failed sign-ins', () => {
  it('are limited for an account and an address, and the problem has the time to retry', async () => {
    const { throttle, refused } = openThrottle();
    expect(await fail(5, () => throttle.login(EMAIL, '1.1.1.1'))).toBe(3);
    const attempt = throttle.login(EMAIL, '1.1.1.1');
    expect(await attempt.check()).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      retryAfterSeconds: 91,
      quota: { limit: 3, windowSeconds: 15 * 60 },
    });
    expect(await throttle.login(EMAIL, '1.1.1.2').check()).toBeNull();
    expect(await throttle.login('bob@example.com', '1.1.1.1').check()).toBeNull();
    expect(refused).toEqual(['login', 'login', 'login']);
  });

  it('are limited also when they are concurrent', async () => {
    const { throttle } = openThrottle();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => throttle.login(EMAIL, '1.1.1.1').count()),
    );
    expect(results.filter((result) => result === null)).toHaveLength(3);
  });

  it('are limited for an address over all accounts', async () => {
    const { throttle } = openThrottle();
    let name = 0;
    const nextAccount = () => throttle.login(`${(name += 1)}@example.com`, '2001:db8::1');
    expect(await fail(20, nextAccount)).toBe(8);
    expect(await throttle.login(EMAIL, '2001:db8::ffff').check()).not.toBeNull();
    expect(await throttle.login(EMAIL, '2001:db8:0:1::1').check()).toBeNull();
  });

  it('create no keys beyond the limit of the address', async () => {
    const { throttle, counts } = openThrottle();
    await fail(8, () => throttle.login(EMAIL + Math.random(), '1.1.1.1'));
    const before = counts.size;
    await throttle.login(EMAIL, '1.1.1.1').count();
    expect(counts.size).toBe(before);
  });

  it('are limited for an account over all unknown addresses', async () => {
    const { throttle, known } = openThrottle();
    expect(await succeed(throttle.login(EMAIL, '9.9.9.9'))).toBe(true);
    let host = 0;
    const anywhere = () => throttle.login(EMAIL, `1.1.1.${(host += 1)}`);
    expect(await fail(50, anywhere)).toBe(5);
    expect(await succeed(throttle.login(EMAIL, '1.1.2.1'))).toBe(false);
    expect(await succeed(throttle.login(EMAIL, '9.9.9.9'))).toBe(true);
    for (const key of known.keys()) known.set(key, new Date(0));
    expect(await succeed(throttle.login(EMAIL, '9.9.9.9'))).toBe(false);
  });

  it('that are refused do not count for the account or the address', async () => {
    const { throttle } = openThrottle();
    await fail(50, () => throttle.login(EMAIL, '1.1.1.1'));
    await Promise.all(Array.from({ length: 50 }, () => throttle.login(EMAIL, '1.1.1.1').count()));
    expect(await fail(9, () => throttle.login(EMAIL, '1.1.1.2'))).toBe(2);
    expect(await fail(9, () => throttle.login('bob@example.com', '1.1.1.1'))).toBe(3);
  });

  it('are reset for the pair by a success, which is not counted', async () => {
    const { throttle, counts } = openThrottle();
    for (let round = 0; round < 20; round += 1) await succeed(throttle.login(EMAIL, '1.1.1.1'));
    expect([...counts.values()].filter((count) => count !== 0)).toEqual([]);
    await fail(2, () => throttle.login(EMAIL, '1.1.1.1'));
    await succeed(throttle.login(EMAIL, '1.1.1.1'));
    expect(await fail(9, () => throttle.login(EMAIL, '1.1.1.1'))).toBe(3);
  });

  it('are limited for the account only when there is no address', async () => {
    const { throttle } = openThrottle();
    expect(await fail(20, () => throttle.login(EMAIL, null))).toBe(5);
  });
});

describe('the throttle', () => {
  it.each<[string, (throttle: Throttle) => Attempt, number]>([
    ['registrations of an address', (throttle) => throttle.register('1.1.1.1'), 2],
    ['refreshes of an address', (throttle) => throttle.refresh('1.1.1.1'), 2],
    ['changes of a password', (throttle) => throttle.changePassword('user'), 2],
    ['no registrations without an address', (throttle) => throttle.register(null), 5],
    ['no refreshes without an address', (throttle) => throttle.refresh(null), 5],
  ])('limits %s', async (_, make, passed) => {
    const { throttle } = openThrottle();
    expect(await fail(5, () => make(throttle))).toBe(passed);
  });

  it('allows all attempts, and reports it, when the store fails', async () => {
    const broken = async () => {
      throw new Error('store');
    };
    const { throttle, failures } = openThrottle({ add: broken, find: broken, clear: broken });
    expect(await fail(20, () => throttle.login(EMAIL, '1.1.1.1'))).toBe(20);
    expect(await succeed(throttle.login(EMAIL, '1.1.1.1'))).toBe(true);
    expect(failures).toHaveLength(43);
  });

  it('knows the addresses of recent sign-ins, with a /64 of IPv6 as one address', async () => {
    const { throttle, known } = openThrottle();
    await succeed(throttle.login(EMAIL, '2001:db8::1'));
    await fail(1, () => throttle.login(EMAIL, '1.1.1.1'));
    const isKnown = (address: string | null) => throttle.isKnown(EMAIL, address);
    expect(
      await Promise.all(['2001:db8::2', '2001:db8:0:1::1', '1.1.1.1', null].map(isKnown)),
    ).toEqual([true, false, false, false]);
    expect(await throttle.isKnown('bob@example.com', '2001:db8::1')).toBe(false);
    for (const key of known.keys()) known.set(key, new Date(0));
    expect(await isKnown('2001:db8::1')).toBe(false);
  });

  it('knows no address when the store fails', async () => {
    const { throttle, failures } = openThrottle({}, () => Promise.reject(new Error('store')));
    expect(await throttle.isKnown(EMAIL, '1.1.1.1')).toBe(false);
    expect(failures).toHaveLength(1);
  });

  it('has neither e-mail nor address in its keys', async () => {
    const { throttle, counts, known } = openThrottle();
    await fail(1, () => throttle.login(EMAIL, '1.1.1.1'));
    await succeed(throttle.login(EMAIL, '1.1.1.2'));
    const keys = [...counts.keys(), ...known.keys()].join();
    expect(keys).toMatch(/^loginAddress:[\w-]{43},/);
    expect(keys).not.toMatch(/ann|1\.1\.1/);
  });
});
