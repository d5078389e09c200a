import { ShopError } from '@cartograph/errors';

/** A revoked session, and the time of the revocation by the clock of the database. */
export type Revocation = { readonly id: string; readonly revokedAt: Date };

/** Where revocations are read from. */
export type RevocationStore = {
  /**
   * The newest revocations, newest first, `limit` at most.
   * @param after reads from this time less the overlap; null reads all whose tokens may be unexpired
   */
  readonly readRevoked: (
    after: Date | null,
    limit: number,
  ) => Promise<{ readonly asOf: Date; readonly revocations: readonly Revocation[] }>;
};

/**
 * Pages overlap by this much: a revocation becomes visible shortly after the time it is stored with,
 * and a reader must not miss it in between.
 */
export const OVERLAP_MS = 20_000;

/** All waiting readers share one query, which runs at most this often. */
export const POLL_INTERVAL_MS = 200;

/** Longer waits are limited to this. */
const MAX_WAIT_MS = 1_000;

/** A read fails when the database takes longer than this in addition to the wait. */
const QUERY_TIMEOUT_MS = 2_000;

/** How long the feed remembers which revocations a query has returned: more than the overlap. */
const SEEN_MS = 60_000;

/** One response of the feed: see the schema's SessionRevocations. */
export type RevocationPage = {
  readonly ids: readonly string[];
  readonly asOf: Date;
  readonly issuedBefore: Date | null;
  readonly keepMs: number;
};

/** Returns recently revoked sessions, and waits for new ones. */
export type RevocationFeed = {
  /** @throws ShopError UNAVAILABLE when the database does not respond, or the process stops */
  readonly read: (after: Date | null, waitMs: number) => Promise<RevocationPage>;
  /** Rejects every waiting read: a process that stops must not wait for readers. */
  readonly close: () => void;
};

type Reader = {
  readonly after: Date | null;
  readonly until: number;
  readonly resolve: (page: RevocationPage) => void;
  readonly reject: (error: unknown) => void;
};

type Deps = {
  readonly store: RevocationStore;
  /** How long a reader must store an id, in milliseconds. */
  readonly keepMs: number;
  /** With more ids than this, tokens are refused by the time of issue. */
  readonly maxIds: number;
};

/** Makes the feed of revoked sessions. It polls the database only while a reader waits. */
export const makeRevocationFeed = ({ store, keepMs, maxIds }: Deps): RevocationFeed => {
  const readers = new Set<Reader>();
  /** The time of the first query that returned an id. */
  const firstSeen = new Map<string, number>();
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let isPolling = false;
  let isClosed = false;

  const remember = (asOf: Date, revocations: readonly Revocation[]): void => {
    for (const [id, at] of firstSeen) {
      if (at > asOf.getTime() - SEEN_MS) break; // the rest are newer
      firstSeen.delete(id);
    }
    for (const { id } of revocations) if (!firstSeen.has(id)) firstSeen.set(id, asOf.getTime());
  };

  /** The page of a reader; null while there is nothing new for it and it may still wait. */
  const pageFor = (
    { after, until }: Reader,
    asOf: Date,
    revocations: readonly Revocation[],
  ): RevocationPage | null => {
    // A reader's time may be ahead of the database after a failover.
    const since = after ? Math.min(+after, +asOf) - OVERLAP_MS : Number.NEGATIVE_INFINITY;
    const own = revocations.filter(({ revokedAt }) => revokedAt.getTime() > since);
    const isNew = ({ id }: Revocation) => !after || (firstSeen.get(id) ?? 0) > after.getTime();
    if (after && performance.now() < until && !own.some(isNew)) return null;
    const newest = own[0]?.revokedAt ?? null;
    return own.length > maxIds
      ? { ids: [], asOf, issuedBefore: newest, keepMs }
      : { ids: own.map(({ id }) => id), asOf, issuedBefore: null, keepMs };
  };

  const readFor = async (waiting: readonly Reader[]): Promise<void> => {
    const afters = waiting.map(({ after }) => after?.getTime() ?? Number.NEGATIVE_INFINITY);
    const earliest = Math.min(...afters);
    try {
      const after = Number.isFinite(earliest) ? new Date(earliest) : null;
      const { asOf, revocations } = await store.readRevoked(after, maxIds + 1);
      remember(asOf, revocations);
      for (const reader of waiting) {
        const page = pageFor(reader, asOf, revocations);
        if (page) reader.resolve(page);
      }
    } catch (cause) {
      const error = new ShopError('UNAVAILABLE', undefined, { cause });
      for (const { reject } of waiting) reject(error);
    }
  };

  const pollWhileWaiting = async (): Promise<void> => {
    if (isPolling) return;
    isPolling = true;
    while (readers.size > 0) {
      const pauseMs = lastReadAt + POLL_INTERVAL_MS - performance.now();
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (readers.size === 0) break; // their reads timed out
      lastReadAt = performance.now();
      await readFor([...readers]);
    }
    isPolling = false;
  };

  return {
    read: async (after, waitMs) => {
      if (isClosed) throw new ShopError('UNAVAILABLE');
      const { promise, resolve, reject } = Promise.withResolvers<RevocationPage>();
      const maxWaitMs = Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
      const reader = { after, until: performance.now() + maxWaitMs, resolve, reject };
      const onTimeout = () => reject(new ShopError('UNAVAILABLE'));
      const timer = setTimeout(onTimeout, maxWaitMs + QUERY_TIMEOUT_MS);
      readers.add(reader);
      void pollWhileWaiting();
      try {
        return await promise;
      } finally {
        readers.delete(reader);
        clearTimeout(timer);
      }
    },

    close: () => {
      isClosed = true;
      for (const { reject } of readers) reject(new ShopError('UNAVAILABLE'));
    },
  };
};
