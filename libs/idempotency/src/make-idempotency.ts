import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, type Problem } from '@cartograph/errors';
import { deleteInBatches } from '@cartograph/jobs';
import type { IdempotencyClaim, IdempotencyState, IdempotencyStore } from './idempotency-store.ts';
import { deserializeResponse } from './deserialize-response.ts';

/** A request with a key that can't be answered now, or not at all. */
export type IdempotencyProblem =
  Problem<'IDEMPOTENCY_CONFLICT'> | Problem<'REQUEST_IN_FLIGHT', { retryAfterSeconds: number }>;

/** A request, and what makes it the same as another. */
export type IdempotentRequest = {
  readonly userId: string;
  readonly operation: string;
  /** Null asks for nothing to be remembered. */
  readonly key: string | null;
  /** The body: another one under the same key is a conflict. */
  readonly request: readonly unknown[];
  /** The id of what the request makes, if the key is new; a repeat goes on with the first. */
  readonly subjectId: string;
  /**
   * Which answers are kept, all of them if it is not given. One that is not kept frees the key: a
   * repeat does the work again, with the same subject.
   */
  readonly keeps?: (answer: unknown) => boolean;
};

/** Idempotency to requests that may be repeated. */
export type Idempotency = {
  /**
   * Does `work` once for a key: whoever repeats it gets the answer of the first, problems too. An
   * error that is thrown frees the key. A crash frees it when its lease ends, and the repeat goes on
   * with the same subject; so `work` must bear being cut off anywhere and done again.
   */
  readonly once: <Result>(
    request: IdempotentRequest,
    work: (subjectId: string, isNew: boolean) => Promise<Result>,
  ) => Promise<Result | IdempotencyProblem>;
  /** Deletes what is older than `retentionMs`: a day, when it is not given. */
  readonly forgetOld: (retentionMs?: number) => Promise<void>;
};

/** How keys are waited for, in milliseconds. */
export type IdempotencyTimes = {
  /** Whoever works on a key and is not done by then is taken for dead. */
  readonly leaseMs: number;
  /** How long a repeat waits for the first before it is told to come back. */
  readonly waitMs: number;
};

const ANSWER_TIMES: IdempotencyTimes = { leaseMs: 30_000, waitMs: 6_000 };

/** What the schemas promise to those who repeat a request: no less may be configured. */
export const MIN_RETENTION_MS = 24 * 60 * 60_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const LONGEST_RETRY_SECONDS = 5;

const hash = (operation: string, request: readonly unknown[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([operation, ...request]))
      .digest(),
  );

const inFlight = (lockedUntil: Date) => {
  const seconds = Math.ceil((lockedUntil.getTime() - Date.now()) / 1000);
  const retryAfterSeconds = Math.min(Math.max(seconds, 1), LONGEST_RETRY_SECONDS);
  return problem('REQUEST_IN_FLIGHT', { retryAfterSeconds });
};

/**
 * Makes the rule of idempotency keys over where answers are kept. Modelled on the IETF draft
 * "The Idempotency-Key HTTP Header Field", section 2.
 * @param options.dateFields the fields of answers that are dates
 */
export const makeIdempotency = (
  store: IdempotencyStore,
  options: { readonly dateFields: ReadonlySet<string>; readonly times?: IdempotencyTimes },
): Idempotency => {
  const { dateFields, times = ANSWER_TIMES } = options;
  const revive = <Result>(answer: unknown): Result =>
    deserializeResponse(answer, dateFields) as Result;

  /** Claims the key, or waits for the first, who mostly is about to be done. */
  const settle = async (claim: IdempotencyClaim): Promise<IdempotencyState> => {
    const until = Date.now() + times.waitMs;
    let known = await store.claim(claim);
    for (let pause = FIRST_PAUSE_MS; known.state === 'IN_FLIGHT';) {
      if (Date.now() + pause > until) return known;
      await sleep(pause);
      // A claim writes, even in vain; those who wait only read.
      known = (await store.find(claim)) ?? (await store.claim(claim));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    return known;
  };

  const once: Idempotency['once'] = async <Result>(
    { userId, operation, key, request, subjectId, keeps }: IdempotentRequest,
    work: (subjectId: string, isNew: boolean) => Promise<Result>,
  ): Promise<Result | IdempotencyProblem> => {
    if (key === null) return work(subjectId, true);
    const requestHash = hash(operation, request);
    const claim = { userId, operation, key, requestHash, subjectId, leaseMs: times.leaseMs };
    const known = await settle(claim);
    switch (known.state) {
      case 'CONFLICT':
        return problem('IDEMPOTENCY_CONFLICT');
      case 'IN_FLIGHT':
        return inFlight(known.lockedUntil);
      case 'ANSWERED':
        return revive<Result>(known.answer);
      case 'CLAIMED':
    }

    let result: Result;
    try {
      result = await work(known.subjectId, known.isNew);
    } catch (error) {
      // When even this fails, the end of the lease frees the key.
      await store.release(known.lease).catch(() => undefined);
      throw error;
    }
    if (keeps && !keeps(result)) {
      await store.release(known.lease);
      return result;
    }
    if (await store.keep(known.lease, result)) return result;
    // Too slow: somebody took over, and theirs is the answer.
    const theirs = await settle(claim);
    if (theirs.state === 'ANSWERED') return revive<Result>(theirs.answer);
    if (theirs.state !== 'CLAIMED') return inFlight(known.lease.lockedUntil);
    // They gave up.
    await store.keep(theirs.lease, result);
    return result;
  };

  return {
    once,
    forgetOld: async (retentionMs = MIN_RETENTION_MS) => {
      const before = new Date(Date.now() - retentionMs);
      await deleteInBatches((limit) => store.forget(before, limit));
    },
  };
};
