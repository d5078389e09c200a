import { CLOCK_SKEW_S, type AccessTokenClaims } from '@cartograph/auth';
import { MAX_REVOKED_IDS, type RevocationResponse } from './revocation-response.ts';

/** A copy of the revoked sessions, as far as access tokens need it. */
export type RevocationList = {
  /** @param sentAt when the answered request was sent, in monotonic milliseconds */
  readonly apply: (answer: RevocationResponse, sentAt: number) => void;
  /** Adds sessions that this process revoked itself, before the feed has them. */
  readonly add: (ids: readonly string[]) => void;
  readonly isRevoked: (token: Pick<AccessTokenClaims, 'sessionId' | 'issuedAt'>) => boolean;
  /** How old the copy is, in milliseconds; infinite before the first answer. */
  readonly ageMs: () => number;
  /** The `asOf` of the last answer. */
  readonly cursor: () => Date | null;
  readonly size: () => number;
};

/** Until the first answer says how long ids are kept. */
const DEFAULT_KEEP_MS = 11 * 60_000;

/**
 * Makes an empty copy. Ids are dropped when every token of theirs has expired; with too many of
 * them, tokens are refused by the time of issue instead, and their clients refresh them.
 * @param now monotonic: a step of the wall clock must not make an old copy look fresh
 */
export const makeRevocationList = (
  now: () => number,
  maxIds: number = MAX_REVOKED_IDS,
): RevocationList => {
  /** When each id may be dropped. In the order of arrival, so the first are the oldest. */
  const dropAt = new Map<string, number>();
  let issuedBefore = Number.NEGATIVE_INFINITY;
  let cursor: Date | null = null;
  let asOf = Number.NEGATIVE_INFINITY;
  let keepMs = DEFAULT_KEEP_MS;

  const add = (ids: readonly string[]): void => {
    for (const id of ids) if (!dropAt.has(id)) dropAt.set(id, now() + keepMs);
  };
  const dropExpired = (): void => {
    for (const [id, at] of dropAt) {
      if (at > now()) return;
      dropAt.delete(id);
    }
  };

  return {
    apply: (answer, sentAt) => {
      keepMs = answer.keepMs;
      dropExpired();
      add(answer.ids);
      issuedBefore = Math.max(issuedBefore, answer.issuedBefore?.getTime() ?? issuedBefore);
      if (dropAt.size > maxIds) {
        dropAt.clear();
        issuedBefore = Math.max(issuedBefore, answer.asOf.getTime());
      }
      cursor = answer.asOf;
      asOf = Math.max(asOf, sentAt);
    },
    add,
    // The time of issue is a whole second of another clock. What is refused for that is refreshed.
    isRevoked: ({ sessionId, issuedAt }) =>
      dropAt.has(sessionId) || issuedAt.getTime() - CLOCK_SKEW_S * 1_000 < issuedBefore,
    ageMs: () => now() - asOf,
    cursor: () => cursor,
    size: () => dropAt.size,
  };
};
