/** A limit on concurrent requests that follows their latency. */
export type AdaptiveLimit = {
  readonly current: () => number;
  /**
   * Counts a request that ended.
   * @param wasFull whether all slots were in use when it began
   */
  readonly record: (latencyMs: number, wasFull: boolean) => void;
};

/** The range of the limit, and the latencies above which a request took too long, and has stalled. */
export type AdaptiveLimitOptions = {
  readonly least: number;
  readonly most: number;
  readonly targetMs: number;
  /** A request that takes so long waits for something else than this process, such as a service that hangs. */
  readonly stalledMs: number;
};

/** The limit changes at most this often, and not before so many requests have ended. */
const WINDOW_MS = 100;
const MIN_SAMPLES = 8;

/** It is lowered to this part when all slots were in use and most requests took too long. */
const DECREASE = 0.85;

/**
 * It is raised by this part, and at least 1, when all slots were in use and few of the others took too long,
 * and when slots were free while it was below its first value.
 */
const INCREASE = 0.1;

/** The parts of slow requests that are "few" and "most". */
const FEW = 0.1;
const MOST = 0.5;

/** It begins at this many times its least. */
const FIRST = 4;

/**
 * Makes a limit by additive increase and multiplicative decrease, as TCP does: of more requests than a
 * machine can work on, the rest only make all of them slower. A few slow requests, such as payments
 * that wait for their provider, do not lower it, and stalled ones do not keep it low. It is lowered only
 * while all slots are in use: requests that are slow for another reason, such as a slow machine or a distant
 * database, need the slots that they have.
 */
export const makeAdaptiveLimit = ({
  least,
  most,
  targetMs,
  stalledMs,
}: AdaptiveLimitOptions): AdaptiveLimit => {
  const first = Math.min(most, least * FIRST);
  let limit = first;
  let windowEnd = 0;
  let samples = 0;
  let slow = 0;
  let stalled = 0;
  let hasBeenFull = false;

  const raise = (highest: number): void => {
    limit = Math.max(limit, Math.min(highest, limit + Math.max(1, Math.floor(limit * INCREASE))));
  };

  const adapt = (): void => {
    if (!hasBeenFull) raise(first);
    else if (slow + stalled > MOST * samples) {
      limit = Math.max(least, Math.floor(limit * DECREASE));
    } else if (slow < FEW * (samples - stalled)) raise(most);
  };

  return {
    current: () => limit,
    record: (latencyMs, wasFull) => {
      samples += 1;
      if (latencyMs >= stalledMs) stalled += 1;
      else if (latencyMs > targetMs) slow += 1;
      hasBeenFull ||= wasFull;
      const now = performance.now();
      if (samples < MIN_SAMPLES || now < windowEnd) return;
      adapt();
      windowEnd = now + WINDOW_MS;
      samples = 0;
      slow = 0;
      stalled = 0;
      hasBeenFull = false;
    },
  };
};
