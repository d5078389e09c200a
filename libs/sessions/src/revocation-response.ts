/** One answer of the revocation feed. Idempotency overlap: an id may come more than once. */
export type RevocationResponse = {
  readonly ids: readonly string[];
  /** The time of the answer by the clock of the user database: where the next one begins. */
  readonly asOf: Date;
  /** When set, every access token issued before this time is refused, whatever its session. */
  readonly issuedBefore: Date | null;
  /** How long an id must be remembered: then every access token of its session has expired. */
  readonly keepMs: number;
};

/**
 * Reads the feed: what was revoked since `after`, the `asOf` of the last answer, or without it
 * everything that a valid token may still need. Waits for a new revocation, for about a second.
 */
export type ReadRevocations = (after: Date | null) => Promise<RevocationResponse>;

/** More ids than this are not listed or kept: `issuedBefore` stands for them. */
export const MAX_REVOKED_IDS = 100_000;
