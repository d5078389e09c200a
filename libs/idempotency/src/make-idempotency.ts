import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, type Problem } from '@cartograph/errors';
import { deleteInBatches } from '@cartograph/jobs';
import type {
  IdempotencyClaim,
  IdempotencyState,
  IdempotencyStore,
  Lease,
} from './idempotency-store.ts';

/** The key of a request belongs to another request, or to one in progress. */
export type IdempotencyProblem =
  Problem<'IDEMPOTENCY_CONFLICT'> | Problem<'REQUEST_IN_FLIGHT', { retryAfterSeconds: number }>;

/** A request, with all that identifies a repeat of it. */
export type IdempotentRequest = {
  readonly userId: string;
  readonly operation: string;
  /** Null: the response is not stored. */
  readonly key: string | null;
  /** The body: another one with the same key is a conflict. */
  readonly request: readonly unknown[];
  /** The id of what the request creates, if the key is new; a repeat uses the first one. */
  readonly subjectId: string;
  /**
   * Whether to store a response; all are stored if it is not given. A response that is not stored
   * frees the key: a repeat does the work again, with the same subject.
   */
  readonly shouldStore?: (response: unknown) => boolean;
};

/**
 * The place of a response that is not stored yet. Work may store its response itself, as JSON, in the
 * statement that completes it: `UPDATE idempotency_keys SET response = ...` where the row has the key
 * and `locked_until` of the lease and `response IS NULL`, as saveResponse does.
 */
export type ResponseSlot = {
  readonly lease: Lease;
  /**
   * Reports that the statement stored the response that the work will return. A statement that
   * found another lease must not report it: the response of the other worker counts.
   */
  readonly markSaved: () => void;
};

/** Runs each request with a key once. */
export type Idempotency = {
  /**
   * Runs `work` once per key: repeats get the response of the first, also when it is a problem. An
   * error that is thrown frees the key. After a crash the key is free when its lease ends, and a
   * repeat continues with the same subject; so `work` must allow being stopped anywhere and run again.
   * @param work its slot is null when the response is not stored
   */
  readonly once: <Result>(
    request: IdempotentRequest,
    work: (subjectId: string, isNew: boolean, slot: ResponseSlot | null) => Promise<Result>,
  ) => Promise<Result | IdempotencyProblem>;
  /** Deletes keys older than `retentionMs`: a day, if it is not given. */
  readonly purge: (retentionMs?: number) => Promise<void>;
};

/** Timeouts of keys in progress, in milliseconds. */
export type IdempotencyTimes = {
  /** After this time another worker may take the key over. */
  readonly leaseMs: number;
  /** How long a repeat waits for the first before it fails with REQUEST_IN_FLIGHT. */
  readonly waitMs: number;
};

const DEFAULT_TIMES: IdempotencyTimes = { leaseMs: 30_000, waitMs: 6_000 };

/** The schemas promise this retention to clients: configuration may only raise it. */
export const MIN_RETENTION_MS = 24 * 60 * 60_000;

const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 250;
const MAX_RETRY_SECONDS = 5;

const hash = (operation: string, request: readonly unknown[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([operation, ...request]))
      .digest(),
  );

const inFlight = (lockedUntil: Date) => {
  const seconds = Math.ceil((lockedUntil.getTime() - Date.now()) / 1000);
  const retryAfterSeconds = Math.min(Math.max(seconds, 1), MAX_RETRY_SECONDS);
  return problem('REQUEST_IN_FLIGHT', { retryAfterSeconds });
};

/**
 * Restores a response from JSON.
 * @param dateFields the names of the date fields, at any depth: JSON stores them as strings
 */
const deserializeResponse = (stored: unknown, dateFields: ReadonlySet<string>): unknown => {
  if (Array.isArray(stored)) return stored.map((one) => deserializeResponse(one, dateFields));
  if (typeof stored !== 'object' || stored === null) return stored;
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      dateFields.has(name) && typeof value === 'string'
        ? new Date(value)
        : deserializeResponse(value, dateFields),
    ]),
  );
};

/**
 * Makes idempotency keys, modelled on the IETF draft "The Idempotency-Key HTTP Header Field",
 * section 2.
 * @param options.dateFields the names of the date fields of responses, at any depth
 */
export const makeIdempotency = (
  store: IdempotencyStore,
  options: { readonly dateFields: ReadonlySet<string>; readonly times?: IdempotencyTimes },
): Idempotency => {
  const { dateFields, times = DEFAULT_TIMES } = options;
  const deserialize = <Result>(response: unknown): Result =>
    deserializeResponse(response, dateFields) as Result;

  /** Claims the key, or waits until the request in progress is done. */
  const claimOrWait = async (claim: IdempotencyClaim): Promise<IdempotencyState> => {
    const until = Date.now() + times.waitMs;
    let known = await store.claim(claim);
    for (let pause = FIRST_PAUSE_MS; known.state === 'IN_FLIGHT';) {
      if (Date.now() + pause > until) return known;
      await sleep(pause);
      // A claim writes even when it fails, so waiting only reads.
      known = (await store.find(claim)) ?? (await store.claim(claim));
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
    }
    return known;
  };

  const once: Idempotency['once'] = async <Result>(
    { userId, operation, key, request, subjectId, shouldStore }: IdempotentRequest,
    work: (subjectId: string, isNew: boolean, slot: ResponseSlot | null) => Promise<Result>,
  ): Promise<Result | IdempotencyProblem> => {
    if (key === null) return work(subjectId, true, null);
    const requestHash = hash(operation, request);
    const claim = { userId, operation, key, requestHash, subjectId, leaseMs: times.leaseMs };
    const known = await claimOrWait(claim);
    switch (known.state) {
      case 'CONFLICT':
        return problem('IDEMPOTENCY_CONFLICT');
      case 'IN_FLIGHT':
        return inFlight(known.lockedUntil);
      case 'COMPLETED':
        return deserialize<Result>(known.response);
      case 'CLAIMED':
    }

    let result: Result;
    let isSaved = false;
    const slot: ResponseSlot = {
      lease: known.lease,
      markSaved: () => {
        isSaved = true;
      },
    };
    try {
      result = await work(known.subjectId, known.isNew, slot);
    } catch (error) {
      // When even this fails, the end of the lease frees the key.
      await store.release(known.lease).catch(() => undefined);
      throw error;
    }
    if (isSaved) return result;
    if (shouldStore && !shouldStore(result)) {
      // Ids are in the order of creation: a later request with this key makes something newer. An earlier one may
      // have begun what has the known id.
      await (known.isNew ? store.forget(known.lease) : store.release(known.lease));
      return result;
    }
    if (await store.saveResponse(known.lease, result)) return result;
    // Too slow: another worker took the key over, and its response counts.
    const other = await claimOrWait(claim);
    if (other.state === 'COMPLETED') return deserialize<Result>(other.response);
    if (other.state !== 'CLAIMED') return inFlight(known.lease.lockedUntil);
    // The other worker failed.
    await store.saveResponse(other.lease, result);
    return result;
  };

  return {
    once,
    purge: async (retentionMs = MIN_RETENTION_MS) => {
      const before = new Date(Date.now() - retentionMs);
      await deleteInBatches((limit) => store.purge(before, limit));
    },
  };
};
