import { createHash } from 'node:crypto';
import { problem, type Problem } from '@cartograph/errors';

/** Whose request it is, what it asks for, and the key that makes it happen once. */
export type RequestName = {
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
};

/** What claiming a key led to. */
export type Claim =
  /** It is the caller's to do; `subjectId` is the id of what the request makes. */
  | { readonly kind: 'claimed'; readonly subjectId: string }
  | { readonly kind: 'answered'; readonly requestHash: Uint8Array; readonly response: unknown }
  | { readonly kind: 'in flight'; readonly requestHash: Uint8Array };

/** Where the keys of requests are kept, and with them their answers. */
export type RequestStore = {
  /**
   * Claims a key for one caller until `lockedUntil`. One that died with the key in its hands frees
   * it then, for a repeat of the same request: with the same subject, so that it does nothing twice.
   */
  readonly claim: (
    request: RequestName & {
      readonly requestHash: Uint8Array;
      readonly subjectId: string;
      readonly lockedUntil: Date;
    },
  ) => Promise<Claim>;
  /**
   * Keeps the first answer: who comes second, past the end of its claim, is refused.
   * @returns the answer that stands, as JSON has it
   */
  readonly keepResponse: (request: RequestName, response: object) => Promise<unknown>;
  /** Frees a key whose request came to no answer, for a repeat of it with the same subject. */
  readonly release: (request: RequestName) => Promise<void>;
  /** Forgets what was claimed before `time`. */
  readonly forget: (time: Date) => Promise<void>;
};

/** How long a key and its answer are kept. */
export const KEY_LIFETIME_MS = 24 * 60 * 60_000;

/** Longer than a request takes. */
const LEASE_MS = 30_000;

/** Most requests are answered by then. */
const RETRY_AFTER_SECONDS = 1;

/** Does work once for each key. */
export type DoOnce = <Result extends object>(
  request: RequestName & {
    /** What the client sent: another body under the same key is a conflict. */
    readonly body: unknown;
    /** The id that what is made gets, when nobody claimed the key before. */
    readonly newId: string;
    /** Makes the result of its JSON. */
    readonly revive: (response: unknown) => Result;
  },
  work: (subjectId: string) => Promise<Result>,
) => Promise<Result | Problem<'IDEMPOTENCY_CONFLICT'> | InFlight>;

/** The problem of a request that is still being answered. */
export type InFlight = Problem<'REQUEST_IN_FLIGHT', { retryAfterSeconds: number }>;

/**
 * Makes the rule of idempotency keys: the same key and body get the answer of the first, another
 * body is a conflict, and a repeat of what is under way is told to wait. What ends in an exception
 * is no answer: a repeat does the work again, for the same subject.
 */
export const makeDoOnce =
  (store: RequestStore): DoOnce =>
  async ({ body, newId, revive, ...name }, work) => {
    const requestHash = new Uint8Array(createHash('sha256').update(JSON.stringify(body)).digest());
    const lockedUntil = new Date(Date.now() + LEASE_MS);
    const claim = await store.claim({ ...name, requestHash, subjectId: newId, lockedUntil });
    if (claim.kind !== 'claimed' && Buffer.compare(claim.requestHash, requestHash) !== 0) {
      return problem('IDEMPOTENCY_CONFLICT');
    }
    if (claim.kind === 'answered') return revive(claim.response);
    if (claim.kind === 'in flight') {
      return problem('REQUEST_IN_FLIGHT', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    try {
      return revive(await store.keepResponse(name, await work(claim.subjectId)));
    } catch (error) {
      await store.release(name);
      throw error;
    }
  };
