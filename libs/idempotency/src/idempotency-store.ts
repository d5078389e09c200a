/** One key of one user, for one operation. */
export type IdempotencyKey = {
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
};

/** A request that wants to be the one that is worked on. */
export type IdempotencyClaim = IdempotencyKey & {
  readonly requestHash: Uint8Array<ArrayBuffer>;
  /** The id of what a new key's request makes. */
  readonly subjectId: string;
  /** How long nobody else may work on it, in milliseconds. */
  readonly leaseMs: number;
};

/** The right to answer: good until its end, and only while nobody took it over after that. */
export type Lease = IdempotencyKey & { readonly lockedUntil: Date };

/** What is known of a key. */
export type IdempotencyState =
  | {
      readonly state: 'CLAIMED';
      readonly lease: Lease;
      /** What the key stood for from its first request on. */
      readonly subjectId: string;
      /** True when nobody ever worked on it. */
      readonly isNew: boolean;
    }
  | { readonly state: 'CONFLICT' }
  | { readonly state: 'IN_FLIGHT'; readonly lockedUntil: Date }
  | { readonly state: 'ANSWERED'; readonly answer: unknown };

/** Where the answers to requests with a key are kept. */
export type IdempotencyStore = {
  /** Looks without a claim; null when the key can be claimed. */
  readonly find: (claim: IdempotencyClaim) => Promise<IdempotencyState | null>;
  /** Takes the key if it is new, or if whoever worked on it was cut off. */
  readonly claim: (claim: IdempotencyClaim) => Promise<IdempotencyState>;
  /**
   * Keeps the answer, as JSON has it. @returns false when the lease ended and somebody else took
   * over: theirs is the answer
   */
  readonly keep: (lease: Lease, answer: unknown) => Promise<boolean>;
  /** Lets somebody else try at once. */
  readonly release: (lease: Lease) => Promise<void>;
  /** Forgets up to `limit` keys older than `before`, but for those in flight. @returns how many */
  readonly forget: (before: Date, limit: number) => Promise<number>;
};
