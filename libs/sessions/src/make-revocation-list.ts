import { CLOCK_SKEW_S, type AccessTokenClaims } from '@cartograph/auth';

/** One response of the revocation feed. Responses overlap: an id may come more than once. */
export type RevocationResponse = {
  readonly ids: readonly string[];
  /** The time of the response by the clock of the user database: where the next one begins. */
  readonly asOf: Date;
  /** When set, every access token that was issued before this time is refused. */
  readonly issuedBefore: Date | null;
  /** How long an id must be stored: then every access token of its session has expired. */
  readonly keepMs: number;
};

/** More ids than this are not listed or stored: `issuedBefore` replaces them. */
export const MAX_REVOKED_IDS = 100_000;

/** A copy of the revoked sessions whose access tokens may be unexpired. */
export type RevocationList = {
  /** @param sentAt when the request was sent, in monotonic milliseconds */
  readonly apply: (response: RevocationResponse, sentAt: number) => void;
  /** Adds sessions that this process revoked, before the feed has them. */
  readonly add: (ids: readonly string[]) => void;
  readonly isRevoked: (token: Pick<AccessTokenClaims, 'sessionId' | 'issuedAt'>) => boolean;
  /** How old the copy is, in milliseconds; infinite before the first response. */
  readonly ageMs: () => number;
  /** The `asOf` of the last response. */
  readonly cursor: () => Date | null;
  readonly size: () => number;
};

/** How long ids are stored before the first response. */
const DEFAULT_KEEP_MS = 11 * 60_000;

/**
 * Makes an empty copy. Ids are dropped when all tokens of their sessions have expired. With too many
 * ids, tokens are refused by their time of issue instead, and clients refresh them.
 * @param now monotonic: a step of the wall clock must not make a stale copy look current
 */
export const makeRevocationList = (
  now: () => number,
  maxIds: number = MAX_REVOKED_IDS,
): RevocationList => {
  /** When each id may be dropped, in the order of arrival: the first is the oldest. */
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
    apply: (response, sentAt) => {
      keepMs = response.keepMs;
      dropExpired();
      add(response.ids);
      issuedBefore = Math.max(issuedBefore, response.issuedBefore?.getTime() ?? issuedBefore);
      if (dropAt.size > maxIds) {
        dropAt.clear();
        issuedBefore = Math.max(issuedBefore, response.asOf.getTime());
      }
      cursor = response.asOf;
      asOf = Math.max(asOf, sentAt);
    },
    add,
    // The time of issue is in whole seconds of another clock. A token refused for that is refreshed.
    isRevoked: ({ sessionId, issuedAt }) =>
      dropAt.has(sessionId) || issuedAt.getTime() - CLOCK_SKEW_S * 1_000 < issuedBefore,
    ageMs: () => now() - asOf,
    cursor: () => cursor,
    size: () => dropAt.size,
  };
};
