import { describe, expect, it } from '@jest/globals';
import { LIMITS, makeGuard, type Limits } from './make-guard.ts';
import { makeRetryBudget } from './retry-budget.ts';
import { ServiceFailure } from './service-failure.ts';

const sick = () => new ServiceFailure('away', { countsAsFailure: true, isRetryable: true });
const refusal = () => new ServiceFailure('no', { countsAsFailure: false, isRetryable: false });

const guardOf = (limits: Partial<Limits> = {}) => makeGuard({ ...LIMITS, ...limits });

type Guard = ReturnType<typeof guardOf>;

const inTime = (ms = 10_000) => AbortSignal.timeout(ms);

const failWith =
  (error: () => Error, calls = { count: 0 }) =>
  async (): Promise<never> => {
    calls.count += 1;
    throw error();
  };

/** What a call ended with. */
const outcome = (guard: Guard, work: () => Promise<unknown>, isSafe = false, signal = inTime()) =>
  guard.run(work, { isSafe, signal }).then(
    () => 'fine',
    (error: unknown) =>
      error instanceof ServiceFailure
        ? (error.verdict.retryAfterSeconds ?? error.message)
        : 'timeout',
  );

describe('what is safe to repeat', () => {
  it('is tried again until it goes well', async () => {
    const calls = { count: 0 };
    const work = async () => {
      calls.count += 1;
      if (calls.count < 3) throw sick();
    };
    expect(await outcome(guardOf(), work, true)).toBe('fine');
    expect(calls.count).toBe(3);
  });

  it('is tried three times in all, and fails with what went wrong last', async () => {
    const calls = { count: 0 };
    expect(await outcome(guardOf(), failWith(sick, calls), true)).toBe('away');
    expect(calls.count).toBe(3);
  });

  it('is not tried again when that can’t help, nor when it is not safe', async () => {
    const calls = { count: 0 };
    await outcome(guardOf(), failWith(refusal, calls), true);
    await outcome(guardOf(), failWith(sick, calls), false);
    expect(calls.count).toBe(2);
  });

  it('is given up when the time is over, between two tries, too', async () => {
    const start = performance.now();
    const guard = guardOf({ retries: 50, retryReserve: 100, breakAfter: 1_000 });
    expect(await outcome(guard, failWith(sick), true, inTime(200))).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('adds 15 % of load to a service that is away, once a few are used up', async () => {
    const guard = guardOf({ breakAfter: 100_000 });
    const calls = { count: 0 };
    const requests = 200;
    for (let sent = 0; sent < requests; sent += 10) {
      const batch = Array.from({ length: 10 }, () => outcome(guard, failWith(sick, calls), true));
      await Promise.all(batch);
    }
    const retries = calls.count - requests;
    expect(retries).toBeGreaterThan(0.1 * requests);
    expect(retries).toBeLessThanOrEqual(LIMITS.retryReserve + 0.15 * requests);
  });
});

describe('a budget of retries', () => {
  it('saves up to its reserve and no more', () => {
    const budget = makeRetryBudget(0.5, 2);
    for (let request = 0; request < 100; request += 1) budget.deposit();
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    budget.deposit();
    expect(budget.take()).toBe(false);
    budget.deposit();
    expect(budget.take()).toBe(true);
  });
});

describe('a service that fails most calls', () => {
  const BREAK_MS = 1_000;

  const breakIt = async (guard: Guard, failures: number) => {
    for (let call = 0; call < failures; call += 1) await outcome(guard, failWith(sick));
  };

  it('is left in peace: calls fail at once, and say when to come back', async () => {
    const guard = guardOf({ breakAfter: 10, breakMs: 60_000 });
    await breakIt(guard, 10);
    const calls = { count: 0 };
    expect(await outcome(guard, failWith(sick, calls), true)).toBe(60);
    expect(calls.count).toBe(0);
  });

  it('is not left in peace for a few failures, or for half of many', async () => {
    const few = guardOf({ breakAfter: 10, breakMs: 60_000 });
    await breakIt(few, 9);
    expect(await outcome(few, async () => undefined)).toBe('fine');
    const half = guardOf({ breakAfter: 10, breakMs: 60_000 });
    for (let call = 0; call < 20; call += 1) {
      await outcome(half, async () => undefined);
      await outcome(half, failWith(sick));
    }
    expect(await outcome(half, async () => undefined)).toBe('fine');
  });

  it('is not left in peace for requests that it rightly refused', async () => {
    const guard = guardOf({ breakAfter: 10, breakMs: 60_000 });
    for (let call = 0; call < 30; call += 1) await outcome(guard, failWith(refusal));
    expect(await outcome(guard, async () => undefined)).toBe('fine');
  });

  it('is tried by one call after the pause, while the others wait for what it finds', async () => {
    const guard = guardOf({ breakAfter: 10, breakMs: BREAK_MS });
    await breakIt(guard, 10);
    expect(await outcome(guard, async () => undefined)).toBe(1);
    const until = performance.now() + BREAK_MS + 50;
    while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    const running = { now: 0, most: 0 };
    const work = async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.now -= 1;
      throw sick();
    };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(guard, work)));
    expect(running.most).toBe(1);
    expect(outcomes.sort()).toEqual([...Array(9).fill(1), 'away']);
  });
});

describe('calls at once', () => {
  it('are bounded; as many as fit wait, and one more is turned away at once', async () => {
    const guard = guardOf({ concurrent: 2, queue: 3 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const running = { now: 0, most: 0 };
    const work = async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await gate;
      running.now -= 1;
    };
    const accepted = Array.from({ length: 5 }, () => outcome(guard, work));
    expect(await outcome(guard, work)).toBe(1);
    open();
    expect(await Promise.all(accepted)).toEqual(Array(5).fill('fine'));
    expect(running.most).toBe(2);
  });

  it('do not wait longer than their time for a place', async () => {
    const guard = guardOf({ concurrent: 1, queue: 3 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const first = outcome(guard, () => gate);
    expect(await outcome(guard, async () => undefined, false, inTime(50))).toBe('timeout');
    open();
    expect(await first).toBe('fine');
  });
});
