/** One key of one user, for one operation. */
export type IdempotencyKey = {
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
};

/** A request that claims its key. */
export type IdempotencyClaim = IdempotencyKey & {
  readonly requestHash: Uint8Array<ArrayBuffer>;
  /** The id of what the request creates, if the key is new. */
  readonly subjectId: string;
  /** How long no other worker may take the key, in milliseconds. */
  readonly leaseMs: number;
};

/** The right to store the response: valid until another worker takes the key after its end. */
export type Lease = IdempotencyKey & { readonly lockedUntil: Date };

/** The state of a key. */
export type IdempotencyState =
  | {
      readonly state: 'CLAIMED';
      readonly lease: Lease;
      /** That of the first request with the key. */
      readonly subjectId: string;
      /** Whether this is the first request with the key. */
      readonly isNew: boolean;
    }
  | { readonly state: 'CONFLICT' }
  | { readonly state: 'IN_FLIGHT'; readonly lockedUntil: Date }
  | { readonly state: 'COMPLETED'; readonly response: unknown };

/** Stores keys and the responses to their requests. */
export type IdempotencyStore = {
  /** Reads a key without a claim; null when it can be claimed. */
  readonly find: (claim: IdempotencyClaim) => Promise<IdempotencyState | null>;
  /** Claims the key if it is new, or if its lease ended without a response. */
  readonly claim: (claim: IdempotencyClaim) => Promise<IdempotencyState>;
  /**
   * Stores the response as JSON. @returns false when another worker took the key over: its response
   * counts
   */
  readonly saveResponse: (lease: Lease, response: unknown) => Promise<boolean>;
  /** Ends the lease now. */
  readonly release: (lease: Lease) => Promise<void>;
  /** Deletes the key, as if it had not been used. */
  readonly forget: (lease: Lease) => Promise<void>;
  /** Deletes up to `limit` keys older than `before`, except those in flight. @returns how many */
  readonly purge: (before: Date, limit: number) => Promise<number>;
};
