import { ShopError } from '@cartograph/errors';

/** A session that was revoked, and when, by the clock of the database. */
export type Revocation = { readonly id: string; readonly revokedAt: Date };

/** Where revocations are read from. */
export type RevocationStore = {
  /**
   * The newest revocations, newest first, `limit` at most.
   * @param after how far back to read, less the overlap; without it as long as tokens may be valid
   */
  readonly readRevoked: (
    after: Date | null,
    limit: number,
  ) => Promise<{ readonly asOf: Date; readonly revocations: readonly Revocation[] }>;
};

/**
 * Idempotency overlap by this much: a revocation becomes visible a moment after the time that it
 * carries, and a reader of another replica must not miss it in between.
 */
export const OVERLAP_MS = 20_000;

/** All waiters share one query, which runs no more often than this. */
export const READ_EVERY_MS = 200;

/** Longer waits are cut to this. */
const MAX_WAIT_MS = 1_000;

/** A database that takes longer than this beside the wait has failed the waiter. */
const GIVE_UP_MS = 2_000;

/** For how long it is known which revocations an earlier query has seen: more than the overlap. */
const SEEN_MS = 60_000;

export type RevocationPage = {
  readonly ids: readonly string[];
  readonly asOf: Date;
  readonly issuedBefore: Date | null;
  readonly keepMs: number;
};

/** Idempotency which sessions were revoked lately, and waits for more. */
export type RevocationFeed = {
  /** @throws ShopError UNAVAILABLE when the database does not answer, or the process stops */
  readonly read: (after: Date | null, waitMs: number) => Promise<RevocationPage>;
  /** Ends every wait: a process that stops must not wait for its readers. */
  readonly close: () => void;
};

type Waiter = {
  readonly after: Date | null;
  readonly until: number;
  readonly resolve: (page: RevocationPage) => void;
  readonly reject: (error: unknown) => void;
};

type Deps = {
  readonly store: RevocationStore;
  /** How long a reader must remember an id, in milliseconds. */
  readonly keepMs: number;
  /** With more ids than this, tokens are refused by the time of issue. */
  readonly maxIds: number;
};

/** Makes the feed of revoked sessions. It reads the database only while somebody waits. */
export const makeRevocationFeed = ({ store, keepMs, maxIds }: Deps): RevocationFeed => {
  const waiters = new Set<Waiter>();
  /** The time of the query that saw an id first. */
  const firstSeen = new Map<string, number>();
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let isReading = false;
  let isClosed = false;

  const note = (asOf: Date, revocations: readonly Revocation[]): void => {
    for (const [id, at] of firstSeen) {
      if (at > asOf.getTime() - SEEN_MS) break; // the others came later
      firstSeen.delete(id);
    }
    for (const { id } of revocations) if (!firstSeen.has(id)) firstSeen.set(id, asOf.getTime());
  };

  /** The page of a waiter; null while there is nothing new for it and it may still wait. */
  const pageFor = (
    { after, until }: Waiter,
    asOf: Date,
    revocations: readonly Revocation[],
  ): RevocationPage | null => {
    // A reader's time may be ahead, when another database has taken the place of the former.
    const since = after ? Math.min(+after, +asOf) - OVERLAP_MS : Number.NEGATIVE_INFINITY;
    const own = revocations.filter(({ revokedAt }) => revokedAt.getTime() > since);
    const isNew = ({ id }: Revocation) => !after || (firstSeen.get(id) ?? 0) > after.getTime();
    if (after && performance.now() < until && !own.some(isNew)) return null;
    const newest = own[0]?.revokedAt ?? null;
    return own.length > maxIds
      ? { ids: [], asOf, issuedBefore: newest, keepMs }
      : { ids: own.map(({ id }) => id), asOf, issuedBefore: null, keepMs };
  };

  const readFor = async (asked: readonly Waiter[]): Promise<void> => {
    const afters = asked.map(({ after }) => after?.getTime() ?? Number.NEGATIVE_INFINITY);
    const earliest = Math.min(...afters);
    try {
      const after = Number.isFinite(earliest) ? new Date(earliest) : null;
      const { asOf, revocations } = await store.readRevoked(after, maxIds + 1);
      note(asOf, revocations);
      for (const waiter of asked) {
        const page = pageFor(waiter, asOf, revocations);
        if (page) waiter.resolve(page);
      }
    } catch (cause) {
      for (const waiter of asked) waiter.reject(new ShopError('UNAVAILABLE', undefined, { cause }));
    }
  };

  const readWhileAsked = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    while (waiters.size > 0) {
      const pauseMs = lastReadAt + READ_EVERY_MS - performance.now();
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (waiters.size === 0) break; // they have given up
      lastReadAt = performance.now();
      await readFor([...waiters]);
    }
    isReading = false;
  };

  return {
    read: async (after, waitMs) => {
      if (isClosed) throw new ShopError('UNAVAILABLE');
      const { promise, resolve, reject } = Promise.withResolvers<RevocationPage>();
      const mayWaitMs = Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
      const waiter = { after, until: performance.now() + mayWaitMs, resolve, reject };
      const giveUp = () => reject(new ShopError('UNAVAILABLE'));
      const timer = setTimeout(giveUp, mayWaitMs + GIVE_UP_MS);
      waiters.add(waiter);
      void readWhileAsked();
      try {
        return await promise;
      } finally {
        waiters.delete(waiter);
        clearTimeout(timer);
      }
    },

    close: () => {
      isClosed = true;
      for (const { reject } of waiters) reject(new ShopError('UNAVAILABLE'));
    },
  };
};
