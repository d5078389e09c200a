import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsDue } from '../../bench/overload/open-loop.ts';

/** One request, and what was wrong with its response. */
export type Sample = {
  readonly kind: string;
  readonly ms: number;
  readonly error: string | null;
};

/** Sends a request of a kind. @returns its result; null when it failed, which is recorded */
export type Send = <Result>(kind: string, request: () => Promise<Result>) => Promise<Result | null>;

/** Requests that are sent until it is stopped. */
export type Load = {
  /** What is being done to the shop: part of the error of requests that fail meanwhile. */
  readonly mark: (what: string) => void;
  /** @throws when more requests are in progress than clients ever have */
  readonly check: () => void;
  /** Sends no more. @returns all requests, when the last has its response */
  readonly stop: () => Promise<readonly Sample[]>;
};

/** Arrivals are begun in groups, as often as this. */
const TICK_MS = 5;

/** A shop that is this far behind does not come back: the machine is too slow for this load. */
const MAX_IN_PROGRESS = 3_000;

const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error}: ${error.cause}` : String(error);
};

/**
 * Begins to send requests at a fixed rate, whether those before are answered or not, as many independent
 * clients do. Each is sent once: no failure is hidden by a second try.
 * @param options.arrive sends the requests of one client, one after another; it never rejects
 */
export const startLoad = (options: {
  readonly perSecond: number;
  readonly arrive: (index: number, send: Send) => Promise<void>;
}): Load => {
  const { perSecond, arrive } = options;
  const samples: Sample[] = [];
  let inProgress = 0;
  let marked = 'nothing';
  let isStopped = false;

  const send: Send = async (kind, request) => {
    const startedAt = performance.now();
    const record = (error: string | null) =>
      samples.push({ kind, ms: performance.now() - startedAt, error });
    try {
      const result = await request();
      record(null);
      return result;
    } catch (error) {
      record(`${kind} failed (${marked}): ${sentenceOf(error)}`);
      return null;
    }
  };

  const begin = (index: number): void => {
    inProgress += 1;
    void arrive(index, send).finally(() => (inProgress -= 1));
  };

  const run = async (): Promise<void> => {
    const startedAt = performance.now();
    let begun = 0;
    while (!isStopped && inProgress < MAX_IN_PROGRESS) {
      const due = arrivalsDue(perSecond, performance.now() - startedAt);
      for (; begun < due; begun += 1) begin(begun);
      await sleep(TICK_MS);
    }
    while (inProgress > 0) await sleep(TICK_MS);
  };
  const running = run();

  return {
    mark: (what) => {
      marked = what;
    },
    check: () => {
      if (inProgress >= MAX_IN_PROGRESS) {
        throw new Error(`${inProgress} requests are in progress: this machine is too slow`);
      }
    },
    stop: async () => {
      isStopped = true;
      await running;
      return samples;
    },
  };
};
