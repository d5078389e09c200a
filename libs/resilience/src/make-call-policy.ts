import {
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  BrokenCircuitError,
  CircuitState,
  ExponentialBackoff,
  handleWhen,
  retry,
  SamplingBreaker,
} from 'cockatiel';
import { makePolicyMetrics } from './policy-metrics.ts';
import { orAborted } from './request-bounds.ts';
import { ServiceFailure } from './service-failure.ts';

/** The limits on the calls of one service. */
export type CallLimits = {
  /** Concurrent calls; as many as `queue` wait, and all others are rejected. */
  readonly concurrent: number;
  readonly queue: number;
  /** The circuit opens for `breakMs` when of `breakAfter` calls or more in ten seconds most failed. */
  readonly breakAfter: number;
  readonly breakMs: number;
  /** Attempts after the first one, of calls that are safe to repeat. */
  readonly retries: number;
  /** Retries per request in the long run, and how many can be saved up. */
  readonly retryRatio: number;
  readonly retryReserve: number;
};

export const CALL_LIMITS: CallLimits = {
  concurrent: 32,
  // A burst may wait: each request has a deadline.
  queue: 1_000,
  breakAfter: 10,
  breakMs: 2_000,
  retries: 2,
  retryRatio: 0.15,
  retryReserve: 10,
};

const SAMPLE_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** How a service is called: a bulkhead with a queue, a circuit breaker, and bounded retries. */
export type CallPolicy = {
  /**
   * Runs `attempt`, and again after a failure that is retryable.
   * @param options isSafe when the call may be repeated
   * @throws ServiceFailure with `retryAfterSeconds`, immediately, when the circuit is open or the
   * queue is full
   */
  readonly run: <Result>(
    attempt: () => Promise<Result>,
    options: { readonly isSafe: boolean; readonly signal: AbortSignal },
  ) => Promise<Result>;
  /** Stops its metrics. */
  readonly close: () => void;
};

/**
 * Makes a budget of retries that grows with the requests, so that retries never overload a service.
 * @param ratio retries per request in the long run: 0.15 is at most 15 % more load
 * @param reserve retries that can be saved up, and that are there in the beginning
 */
export const makeRetryBudget = (ratio: number, reserve: number) => {
  let saved = reserve;
  return {
    /** Adds the part of one request. */
    deposit: (): void => {
      saved = Math.min(saved + ratio, reserve);
    },
    /** Uses one retry; false when none is left. */
    take: (): boolean => {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
};

const countsAsFailure = (error: unknown): boolean =>
  error instanceof ServiceFailure && error.verdict.countsAsFailure;

/**
 * The call that is made after a pause decides whether the circuit closes. When its caller stopped waiting, it
 * shows nothing: it counts as a failure then, and the circuit stays open for another pause.
 */
const judgeProbe = (error: unknown): unknown =>
  error instanceof ServiceFailure && error.verdict.wasCutShort
    ? new ServiceFailure(
        error.message,
        { ...error.verdict, countsAsFailure: true },
        { cause: error.cause },
      )
    : error;

const isRetryable = (error: unknown): boolean =>
  error instanceof ServiceFailure && error.verdict.isRetryable;

const rejected = (message: string, retryAfterSeconds: number, cause: Error): ServiceFailure =>
  new ServiceFailure(
    message,
    { countsAsFailure: false, isRetryable: false, retryAfterSeconds },
    { cause },
  );

/**
 * Makes the policy of the calls of one service.
 * @param service its name, for metrics
 */
export const makeCallPolicy = (limits: CallLimits, service: string): CallPolicy => {
  const slots = bulkhead(limits.concurrent, limits.queue);
  const breaker = circuitBreaker(handleWhen(countsAsFailure), {
    halfOpenAfter: limits.breakMs,
    breaker: new SamplingBreaker({
      threshold: 0.5,
      duration: SAMPLE_MS,
      minimumRps: limits.breakAfter / (SAMPLE_MS / 1_000),
    }),
  });
  const budget = makeRetryBudget(limits.retryRatio, limits.retryReserve);
  const measured = makePolicyMetrics(service, () => breaker.state);
  let openUntil = 0;
  breaker.onBreak(() => {
    openUntil = Date.now() + limits.breakMs;
  });

  const toServiceFailure = (error: unknown): unknown => {
    if (error instanceof BulkheadRejectedError) {
      measured.rejected('queue_full');
      return rejected('too many requests wait', 1, error);
    }
    if (error instanceof BrokenCircuitError) {
      measured.rejected('circuit_open');
      const seconds = Math.ceil((openUntil - Date.now()) / 1_000);
      return rejected('circuit open: too many calls failed', Math.max(seconds, 1), error);
    }
    return error;
  };

  /** Runs an attempt that the circuit breaker allowed. */
  const runAllowed = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    const isProbe = breaker.state === CircuitState.HalfOpen;
    try {
      return await attempt();
    } catch (error) {
      throw isProbe ? judgeProbe(error) : error;
    }
  };

  return {
    run: async (attempt, { isSafe, signal }) => {
      budget.deposit();
      let attempts = 0;
      const shouldRetry = (error: unknown): boolean => {
        attempts += 1;
        return isRetryable(error) && attempts <= limits.retries && !signal.aborted && budget.take();
      };
      let isRetry = false;
      const retries = retry(handleWhen(shouldRetry), {
        maxAttempts: isSafe ? limits.retries : 0,
        // With decorrelated jitter, which is cockatiel's default.
        backoff: new ExponentialBackoff({
          initialDelay: FIRST_PAUSE_MS,
          maxDelay: LONGEST_PAUSE_MS,
        }),
      });
      const bounded = () => {
        if (isRetry) measured.retried();
        isRetry = true;
        return slots.execute(() => breaker.execute(() => runAllowed(attempt), signal), signal);
      };
      try {
        return await orAborted(isSafe ? retries.execute(bounded, signal) : bounded(), signal);
      } catch (error) {
        throw toServiceFailure(error);
      }
    },
    close: measured.stop,
  };
};
