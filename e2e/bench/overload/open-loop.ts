import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../production/shop-client.ts';

/** Arrivals are begun in groups, as often as this. */
const TICK_MS = 5;

/** What became of one request; `status` is null when its connection was reset or closed. */
export type Arrival = {
  readonly status: number | null;
  readonly hasRetryAfter: boolean;
  readonly ms: number;
};

/** How many arrivals are due after so many milliseconds. */
export const arrivalsDue = (perSecond: number, elapsedMs: number): number =>
  Math.floor((perSecond * elapsedMs) / 1000);

/**
 * Sends requests at a fixed rate, whether those before are answered or not, as many independent
 * clients do.
 * @returns all of them, when the last is answered
 */
export const runOpenLoop = async (options: {
  readonly perSecond: number;
  readonly seconds: number;
  readonly send: (index: number) => Promise<Reply>;
}): Promise<readonly Arrival[]> => {
  const { perSecond, seconds, send } = options;
  const arrive = async (index: number): Promise<Arrival> => {
    const begunAt = performance.now();
    const since = (): number => performance.now() - begunAt;
    try {
      const { status, retryAfter } = await send(index);
      return { status, hasRetryAfter: retryAfter !== undefined, ms: since() };
    } catch {
      return { status: null, hasRetryAfter: false, ms: since() };
    }
  };
  const arrivals: Promise<Arrival>[] = [];
  const startedAt = performance.now();
  const count = arrivalsDue(perSecond, seconds * 1000);
  while (arrivals.length < count) {
    const due = arrivalsDue(perSecond, performance.now() - startedAt);
    while (arrivals.length < Math.min(due, count)) arrivals.push(arrive(arrivals.length));
    await sleep(TICK_MS);
  }
  return Promise.all(arrivals);
};
