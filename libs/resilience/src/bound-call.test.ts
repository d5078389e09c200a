import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RequestCancelled, runWithin } from './request-bounds.ts';
import { boundCall, type CallBounds } from './bound-call.ts';

/** Resolves with the reason when the call is aborted. */
const untilAborted = async ({ signal }: CallBounds): Promise<unknown> => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
};

const inMs = (ms: number): number => performance.now() + ms;

describe('a bounded call', () => {
  it('is aborted after its timeout', async () => {
    expect(await boundCall(10, untilAborted)).toMatchObject({ name: 'TimeoutError' });
  });

  it('is aborted at the deadline of work that is not cancelled', async () => {
    const work = () => boundCall(60_000, untilAborted);
    const reason = await runWithin({ deadline: inMs(10), signal: null }, work);
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    ['with a deadline of its own', null],
    ['with a timeout that is shorter than the deadline', 90_000],
    ['with a timeout that is longer than the deadline', 30_000],
  ])('%s is aborted when its request is cancelled', async (_what, deadlineMs) => {
    const controller = new AbortController();
    const deadline = deadlineMs === null ? null : inMs(deadlineMs);
    const call = runWithin({ deadline, signal: controller.signal }, () =>
      boundCall(60_000, untilAborted),
    );
    const reason = new RequestCancelled('client disconnected');
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  it('is not made for a request that was cancelled', async () => {
    const signal = AbortSignal.abort(new RequestCancelled('deadline exceeded'));
    let calls = 0;
    const call = runWithin({ deadline: null, signal }, () =>
      boundCall(60_000, async () => {
        calls += 1;
      }),
    );
    await expect(call).rejects.toThrow(RequestCancelled);
    expect(calls).toBe(0);
  });

  it('knows how much time is left', async () => {
    const leftMs = (deadlineMs: number) =>
      runWithin({ deadline: inMs(deadlineMs), signal: null }, () =>
        boundCall(60_000, async (bounds) => bounds.leftMs),
      );
    expect(await leftMs(120_000)).toBe(60_000);
    expect(await leftMs(30_000)).toBeLessThanOrEqual(30_000);
    expect(await leftMs(-1_000)).toBeLessThan(0);
  });

  it('leaves no timer and no listener behind', async () => {
    const controller = new AbortController();
    const signal = await runWithin({ deadline: null, signal: controller.signal }, () =>
      boundCall(10, async (bounds) => bounds.signal),
    );
    await sleep(30);
    controller.abort(new RequestCancelled('client disconnected'));
    expect(signal.aborted).toBe(false);
  });
});
