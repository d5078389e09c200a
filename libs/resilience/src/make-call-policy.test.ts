import { describe, expect, it } from 'vitest';
import {
  CALL_LIMITS,
  makeCallPolicy,
  makeRetryBudget,
  type CallLimits,
  type CallPolicy,
} from './make-call-policy.ts';
import { ServiceFailure } from './service-failure.ts';

const serviceFault = () => new ServiceFailure('down', { countsAsFailure: true, isRetryable: true });
const refused = () => new ServiceFailure('no', { countsAsFailure: false, isRetryable: false });

/** Its caller stopped waiting. */
const cutShort = () =>
  new ServiceFailure('no response', {
    countsAsFailure: false,
    isRetryable: false,
    wasCutShort: true,
  });

const policyOf = (limits: Partial<CallLimits> = {}) =>
  makeCallPolicy({ ...CALL_LIMITS, ...limits }, 'product');

const inTime = (ms = 10_000) => AbortSignal.timeout(ms);

const failWith =
  (error: () => Error, calls = { count: 0 }) =>
  async (): Promise<never> => {
    calls.count += 1;
    throw error();
  };

/** The result of a call. */
const outcome = (
  policy: CallPolicy,
  work: () => Promise<unknown>,
  isSafe = false,
  signal = inTime(),
) =>
  policy.run(work, { isSafe, signal }).then(
    () => 'success',
    (error: unknown) =>
      error instanceof ServiceFailure
        ? (error.verdict.retryAfterSeconds ?? error.message)
        : 'timeout',
  );

describe('what is safe to repeat', () => {
  it('is retried until it succeeds', async () => {
    const calls = { count: 0 };
    const work = async () => {
      calls.count += 1;
      if (calls.count < 3) throw serviceFault();
    };
    expect(await outcome(policyOf(), work, true)).toBe('success');
    expect(calls.count).toBe(3);
  });

  it('is attempted three times, and fails with the last failure', async () => {
    const calls = { count: 0 };
    expect(await outcome(policyOf(), failWith(serviceFault, calls), true)).toBe('down');
    expect(calls.count).toBe(3);
  });

  it('is not retried when the failure is not retryable, nor when it is not safe', async () => {
    const calls = { count: 0 };
    await outcome(policyOf(), failWith(refused, calls), true);
    await outcome(policyOf(), failWith(serviceFault, calls), false);
    expect(calls.count).toBe(2);
  });

  it('stops when its time is over, also between two attempts', async () => {
    const start = performance.now();
    const policy = policyOf({ retries: 50, retryReserve: 100, breakAfter: 1_000 });
    expect(await outcome(policy, failWith(serviceFault), true, inTime(200))).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('adds 15 % of load to a service that is down, once the reserve is used up', async () => {
    const policy = policyOf({ breakAfter: 100_000 });
    const calls = { count: 0 };
    const requests = 200;
    for (let sent = 0; sent < requests; sent += 10) {
      const batch = Array.from({ length: 10 }, () =>
        outcome(policy, failWith(serviceFault, calls), true),
      );
      await Promise.all(batch);
    }
    const retries = calls.count - requests;
    expect(retries).toBeGreaterThan(0.1 * requests);
    expect(retries).toBeLessThanOrEqual(CALL_LIMITS.retryReserve + 0.15 * requests);
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

  const breakIt = async (policy: CallPolicy, failures: number) => {
    for (let call = 0; call < failures; call += 1) await outcome(policy, failWith(serviceFault));
  };

  it('opens the circuit: calls fail immediately, with the time to retry after', async () => {
    const policy = policyOf({ breakAfter: 10, breakMs: 60_000 });
    await breakIt(policy, 10);
    const calls = { count: 0 };
    expect(await outcome(policy, failWith(serviceFault, calls), true)).toBe(60);
    expect(calls.count).toBe(0);
  });

  it('does not open the circuit by a few failures, or by half of many', async () => {
    const few = policyOf({ breakAfter: 10, breakMs: 60_000 });
    await breakIt(few, 9);
    expect(await outcome(few, async () => undefined)).toBe('success');
    const half = policyOf({ breakAfter: 10, breakMs: 60_000 });
    for (let call = 0; call < 20; call += 1) {
      await outcome(half, async () => undefined);
      await outcome(half, failWith(serviceFault));
    }
    expect(await outcome(half, async () => undefined)).toBe('success');
  });

  it('does not open the circuit by refusing requests', async () => {
    const policy = policyOf({ breakAfter: 10, breakMs: 60_000 });
    for (let call = 0; call < 30; call += 1) await outcome(policy, failWith(refused));
    expect(await outcome(policy, async () => undefined)).toBe('success');
  });

  const pauseIsOver = async () => {
    const until = performance.now() + BREAK_MS + 50;
    while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('stays out of use when the call after the pause was cut short by its caller', async () => {
    const policy = policyOf({ breakAfter: 10, breakMs: BREAK_MS });
    await breakIt(policy, 10);
    await pauseIsOver();
    expect(await outcome(policy, failWith(cutShort))).toBe('no response');
    const calls = { count: 0 };
    expect(await outcome(policy, failWith(serviceFault, calls))).toBe(1);
    expect(calls.count).toBe(0);
    await pauseIsOver();
    expect(await outcome(policy, failWith(refused))).toBe('no');
    expect(await outcome(policy, async () => undefined)).toBe('success');
  });

  it('does not open the circuit by calls that their callers cut short', async () => {
    const policy = policyOf({ breakAfter: 10, breakMs: 60_000 });
    for (let call = 0; call < 30; call += 1) await outcome(policy, failWith(cutShort));
    expect(await outcome(policy, async () => undefined)).toBe('success');
  });

  it('is called once after the pause, while other calls wait for the result', async () => {
    const policy = policyOf({ breakAfter: 10, breakMs: BREAK_MS });
    await breakIt(policy, 10);
    expect(await outcome(policy, async () => undefined)).toBe(1);
    await pauseIsOver();
    const running = { now: 0, most: 0 };
    const work = async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.now -= 1;
      throw serviceFault();
    };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(policy, work)));
    expect(running.most).toBe(1);
    expect(outcomes.sort()).toEqual([...Array(9).fill(1), 'down']);
  });
});

describe('concurrent calls', () => {
  it('are limited; a full queue rejects one more immediately', async () => {
    const policy = policyOf({ concurrent: 2, queue: 3 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const running = { now: 0, most: 0 };
    const work = async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await gate;
      running.now -= 1;
    };
    const accepted = Array.from({ length: 5 }, () => outcome(policy, work));
    expect(await outcome(policy, work)).toBe(1);
    open();
    expect(await Promise.all(accepted)).toEqual(Array(5).fill('success'));
    expect(running.most).toBe(2);
  });

  it('wait in the queue until their time is over', async () => {
    const policy = policyOf({ concurrent: 1, queue: 3 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const first = outcome(policy, () => gate);
    expect(await outcome(policy, async () => undefined, false, inTime(50))).toBe('timeout');
    open();
    expect(await first).toBe('success');
  });
});
