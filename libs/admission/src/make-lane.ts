import { makeAdaptiveLimit, type AdaptiveLimitOptions } from './make-adaptive-limit.ts';

/** How many requests of one kind a process works on, and how long others wait. */
export type LaneLimits = AdaptiveLimitOptions & {
  /** How long a request waits for a slot, at most, in milliseconds; 0: none waits. */
  readonly maxWaitMs: number;
};

/** The requests of a lane at one time. */
export type LaneLoad = {
  readonly active: number;
  readonly waiting: number;
  /** How many may be active. */
  readonly limit: number;
};

/** A limit on concurrent requests, with a short queue. */
export type Lane = {
  readonly load: () => LaneLoad;
  /**
   * Runs `work` in a slot. A request without one waits, unless as many wait as there are slots.
   * @returns its result, or what `reject` returns when there was no slot in time
   */
  readonly run: <Result>(
    work: () => Promise<Result>,
    reject: () => Result | Promise<Result>,
  ) => Promise<Result>;
};

/** Ends the wait of a request: it has a slot now, or was rejected. */
type Settle = (hasSlot: boolean) => void;

/** Makes a lane. What has waited longest is next; what has waited too long is rejected. */
export const makeLane = (limits: LaneLimits): Lane => {
  const adaptive = makeAdaptiveLimit(limits);
  const queue = new Set<Settle>();
  let running = 0;

  const hasRoom = (): boolean => running < adaptive.current();

  const wait = (): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settle: Settle = (hasSlot) => {
      queue.delete(settle);
      clearTimeout(timer);
      resolve(hasSlot);
    };
    const timer = setTimeout(() => settle(false), limits.maxWaitMs);
    queue.add(settle);
    return promise;
  };

  const admitWaiting = (): void => {
    for (const settle of queue) {
      if (!hasRoom()) return;
      running += 1;
      settle(true);
    }
  };

  /** @returns whether the request has a slot */
  const enter = async (): Promise<boolean> => {
    if (hasRoom()) {
      running += 1;
      return true;
    }
    const mayWait = limits.maxWaitMs > 0 && queue.size < adaptive.current();
    return mayWait ? wait() : false;
  };

  return {
    load: () => ({ active: running, waiting: queue.size, limit: adaptive.current() }),
    run: async (work, reject) => {
      if (!(await enter())) return reject();
      const start = performance.now();
      const wasFull = !hasRoom();
      try {
        return await work();
      } finally {
        running -= 1;
        adaptive.record(performance.now() - start, wasFull);
        admitWaiting();
      }
    },
  };
};
