import type { Logger } from '@cartograph/logging';
import { followRevocations, MAX_REVOKED_IDS, type RevocationFollower } from '@cartograph/sessions';
import type { SubgraphConfig } from '@cartograph/subgraph';
import { makeRevocationStore } from './db/make-revocation-store.ts';
import { makeRevocationFeed, type RevocationFeed } from './domain/revocation-feed.ts';

/** A token may be signed this long after its session was revoked, by a request that had begun. */
const MARGIN_MS = 60_000;

/** How long this process waits for its own feed, as others do. */
const WAIT_MS = 1_000;

/** Wires the feed of revoked sessions, and follows it as the other services do, without HTTP. */
export const openRevocations = (
  config: SubgraphConfig & { readonly accessTokenLifetimeMs: number },
  log: Logger,
): {
  readonly feed: RevocationFeed;
  readonly follower: RevocationFollower;
  /** Ends all waits; to be called before requests are waited for. */
  readonly stop: () => void;
  readonly close: () => Promise<void>;
} => {
  const keepMs = config.accessTokenLifetimeMs + MARGIN_MS;
  const store = makeRevocationStore(config.databaseUrl, keepMs, (error) =>
    log.warn({ err: error }, 'connection of the revocation feed lost'),
  );
  const feed = makeRevocationFeed({ store, keepMs, maxIds: MAX_REVOKED_IDS });
  const follower = followRevocations({
    read: (after) => feed.read(after, WAIT_MS),
    limits: config.sessionStaleness,
    log,
  });
  return {
    feed,
    follower,
    stop: () => {
      feed.close();
    },
    close: async () => {
      follower.close();
      feed.close();
      await store.close();
    },
  };
};
