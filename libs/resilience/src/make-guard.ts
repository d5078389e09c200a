import {
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  BrokenCircuitError,
  ExponentialBackoff,
  handleWhen,
  retry,
  SamplingBreaker,
} from 'cockatiel';
import { orAborted } from './cancellation.ts';
import { makeRetryBudget } from './retry-budget.ts';
import { ServiceFailure } from './service-failure.ts';

/** What one service may ask of another. */
export type Limits = {
  /** Calls at once; more wait in a queue of this length, and more than that are turned away. */
  readonly concurrent: number;
  readonly queue: number;
  /** Of `breakAfter` calls or more in ten seconds, more than half failed: no more for `breakMs`. */
  readonly breakAfter: number;
  readonly breakMs: number;
  /** Tries after the first, of what is safe to repeat. */
  readonly retries: number;
  /** Retries per request in the long run, and how many a quiet time saves up. */
  readonly retryRatio: number;
  readonly retryReserve: number;
};

export const LIMITS: Limits = {
  concurrent: 32,
  // A rush is let wait: each request is bounded in time anyway.
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

/** Keeps calls to a service that is not well from piling up, there and here. */
export type Guard = {
  /**
   * Runs `attempt`, again when it is safe and worth it.
   * @throws ServiceFailure with `retryAfterSeconds`, at once, when the service is left in peace or
   * too many wait for it already
   */
  readonly run: <Result>(
    attempt: () => Promise<Result>,
    options: { readonly isSafe: boolean; readonly signal: AbortSignal },
  ) => Promise<Result>;
};

const countsAsFailure = (error: unknown): boolean =>
  error instanceof ServiceFailure && error.verdict.countsAsFailure;

const isRetryable = (error: unknown): boolean =>
  error instanceof ServiceFailure && error.verdict.isRetryable;

/** Makes the guard of one service: a bulkhead with a queue, a circuit breaker, bounded retries. */
export const makeGuard = (limits: Limits): Guard => {
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
  let brokenUntil = 0;
  breaker.onBreak(() => {
    brokenUntil = Date.now() + limits.breakMs;
  });

  const refuse = (error: unknown): unknown => {
    if (error instanceof BulkheadRejectedError) {
      const verdict = { countsAsFailure: false, isRetryable: false, retryAfterSeconds: 1 };
      return new ServiceFailure('too many requests wait for it', verdict, { cause: error });
    }
    if (error instanceof BrokenCircuitError) {
      const seconds = Math.ceil((brokenUntil - Date.now()) / 1_000);
      const verdict = {
        countsAsFailure: false,
        isRetryable: false,
        retryAfterSeconds: Math.max(seconds, 1),
      };
      return new ServiceFailure('it failed too often, and is left in peace', verdict, {
        cause: error,
      });
    }
    return error;
  };

  return {
    run: async (attempt, { isSafe, signal }) => {
      budget.deposit();
      let tries = 0;
      const isWorthAnother = (error: unknown): boolean => {
        tries += 1;
        return isRetryable(error) && tries <= limits.retries && !signal.aborted && budget.take();
      };
      // Pauses grow with decorrelated jitter, which is what this backoff does unless told otherwise.
      const again = retry(handleWhen(isWorthAnother), {
        maxAttempts: isSafe ? limits.retries : 0,
        backoff: new ExponentialBackoff({
          initialDelay: FIRST_PAUSE_MS,
          maxDelay: LONGEST_PAUSE_MS,
        }),
      });
      const guarded = () => slots.execute(() => breaker.execute(attempt, signal), signal);
      try {
        return await orAborted(isSafe ? again.execute(guarded, signal) : guarded(), signal);
      } catch (error) {
        throw refuse(error);
      }
    },
  };
};
