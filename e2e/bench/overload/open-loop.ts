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

/** Requests at a fixed rate. */
type AtRate<Result> = {
  readonly perSecond: number;
  readonly seconds: number;
  /** @param index of the request, from 0 */
  readonly send: (index: number) => Promise<Result>;
};

/**
 * Sends requests at a fixed rate, whether those before are answered or not, as many independent
 * clients do.
 * @returns the result of each, when the last is answered
 */
export const sendAtRate = async <Result>({
  perSecond,
  seconds,
  send,
}: AtRate<Result>): Promise<readonly Result[]> => {
  const sent: Promise<Result>[] = [];
  const startedAt = performance.now();
  const count = arrivalsDue(perSecond, seconds * 1000);
  while (sent.length < count) {
    const due = arrivalsDue(perSecond, performance.now() - startedAt);
    while (sent.length < Math.min(due, count)) sent.push(send(sent.length));
    await sleep(TICK_MS);
  }
  return Promise.all(sent);
};

/** As `sendAtRate`. @returns what became of each request */
export const runOpenLoop = ({ send, ...rate }: AtRate<Reply>): Promise<readonly Arrival[]> =>
  sendAtRate({
    ...rate,
    send: async (index): Promise<Arrival> => {
      const begunAt = performance.now();
      const since = (): number => performance.now() - begunAt;
      try {
        const { status, retryAfter } = await send(index);
        return { status, hasRetryAfter: retryAfter !== undefined, ms: since() };
      } catch {
        return { status: null, hasRetryAfter: false, ms: since() };
      }
    },
  });
