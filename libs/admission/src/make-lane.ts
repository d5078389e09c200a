import { makeAdaptiveLimit, type AdaptiveLimitOptions } from './make-adaptive-limit.ts';

/** How many requests of one kind a process works on, and how long others wait. */
export type LaneLimits = AdaptiveLimitOptions & {
  /** How long a request waits for a slot, at most, in milliseconds; 0: none waits. */
  readonly maxWaitMs: number;
  /** How many requests may continue without a slot, because they have stalled. */
  readonly mostStalled: number;
};

/** The requests of a lane at one time. */
export type LaneLoad = {
  readonly active: number;
  readonly waiting: number;
  /** How many continue without a slot. */
  readonly stalled: number;
  /** How many may be active. */
  readonly limit: number;
};

/** A limit on concurrent requests, with a short queue. */
export type Lane = {
  readonly load: () => LaneLoad;
  /** Whether `run` would reject immediately. */
  readonly isFull: () => boolean;
  /**
   * Runs `work` in a slot. A request without one waits, unless as many wait as there are slots. Work that
   * stalls is left to end without its slot, which others get: it waits for something that they may not need.
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
  let stalled = 0;

  const hasRoom = (): boolean => running < adaptive.current();

  const mayWait = (): boolean => limits.maxWaitMs > 0 && queue.size < adaptive.current();

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
    return mayWait() ? wait() : false;
  };

  const free = (latencyMs: number, wasFull: boolean): void => {
    running -= 1;
    adaptive.record(latencyMs, wasFull);
    admitWaiting();
  };

  /** Begins to use the slot of a request. @returns ends it */
  const useSlot = (): (() => void) => {
    const start = performance.now();
    const wasFull = !hasRoom();
    let hasStalled = false;
    const timer = setTimeout(() => {
      if (stalled >= limits.mostStalled) return;
      hasStalled = true;
      stalled += 1;
      free(limits.stalledMs, wasFull);
    }, limits.stalledMs);
    return () => {
      clearTimeout(timer);
      if (hasStalled) stalled -= 1;
      else free(performance.now() - start, wasFull);
    };
  };

  return {
    load: () => ({ active: running, waiting: queue.size, stalled, limit: adaptive.current() }),
    isFull: () => !hasRoom() && !mayWait(),
    run: async (work, reject) => {
      if (!(await enter())) return reject();
      const endUse = useSlot();
      try {
        return await work();
      } finally {
        endUse();
      }
    },
  };
};
