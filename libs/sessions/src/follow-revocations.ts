import type { AccessTokenClaims } from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import { metrics, type ObservableResult } from '@opentelemetry/api';
import { makeRevocationList, type RevocationResponse } from './make-revocation-list.ts';

/**
 * Reads the feed: the sessions that were revoked since `after`, the `asOf` of the last response, or
 * without it all that a valid token may need. Waits about a second for a new revocation.
 */
export type ReadRevocations = (after: Date | null) => Promise<RevocationResponse>;

/** The state of a valid token's session. Unknown when the copy of the feed is too old. */
export type SessionState = 'live' | 'revoked' | 'unknown';

/** How old the copy of revoked sessions may get, in milliseconds. */
export type StalenessLimits = {
  readonly admin: number;
  readonly customer: number;
};

/** A copy of the revoked sessions that is updated until it is closed. */
export type RevocationFollower = {
  /** Checks the copy. Only before the first response of the feed, it waits up to a second for it. */
  readonly check: (token: AccessTokenClaims) => Promise<SessionState>;
  /** Adds sessions that this process revoked. */
  readonly add: (ids: readonly string[]) => void;
  readonly close: () => void;
};

/** A failed read is retried after this time. */
const RETRY_AFTER_MS = 250;
/** The feed is read at most this often, even if it does not wait. */
const MIN_INTERVAL_MS = 50;
/** Requests of a new process wait this long for the first response of the feed. */
const FIRST_RESPONSE_MS = 1_000;

type Level = 'current' | 'stale for administrators' | 'stale for all';

/**
 * Follows the revocation feed, so that requests are checked locally. Received revocations stay in
 * force while the feed fails. When the copy gets stale, administrators are refused first, then all
 * viewers.
 * @param read waits for new revocations; a failure is retried, and logged when the copy gets stale
 */
export const followRevocations = (deps: {
  readonly read: ReadRevocations;
  readonly limits: StalenessLimits;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}): RevocationFollower => {
  const { read, limits, log, now = () => performance.now() } = deps;
  const list = makeRevocationList(now);
  const startedAt = now();
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  let logged: Level = 'current';
  let lastError: unknown;

  const logChange = (): void => {
    const level = levelOf(list.ageMs(), limits);
    if (level === logged) return;
    logged = level;
    if (level === 'current') log.info('session revocations are current again');
    else log.error({ err: lastError, level }, 'session revocations are stale');
  };

  const observe = (result: ObservableResult): void =>
    result.observe(Math.min(list.ageMs(), now() - startedAt) / 1_000);
  const gauge = metrics
    .getMeter('cartograph.sessions')
    .createObservableGauge('shop.session.revocation.age', {
      description: 'How old this process’s copy of the revoked sessions is.',
      unit: 's',
    });
  gauge.addCallback(observe);

  const poll = async (): Promise<number> => {
    const sentAt = now();
    try {
      list.apply(await read(list.cursor()), sentAt);
      first.resolve();
      return MIN_INTERVAL_MS - (now() - sentAt);
    } catch (error) {
      lastError = error;
      return RETRY_AFTER_MS;
    } finally {
      if (!closing.signal.aborted) logChange();
    }
  };
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const pauseMs = await poll();
      if (pauseMs > 0) await pause(pauseMs, closing.signal);
    }
  };
  void follow();

  return {
    check: async (token) => {
      if (list.cursor() === null) await Promise.race([first.promise, pause(FIRST_RESPONSE_MS)]);
      if (list.isRevoked(token)) return 'revoked';
      logChange();
      const level = levelOf(list.ageMs(), limits);
      const isTooOld = level === 'stale for all' || (level !== 'current' && token.role === 'ADMIN');
      return isTooOld ? 'unknown' : 'live';
    },
    add: list.add,
    close: () => {
      closing.abort();
      first.resolve();
      gauge.removeCallback(observe);
    },
  };
};

const levelOf = (ageMs: number, { admin, customer }: StalenessLimits): Level => {
  if (ageMs > customer) return 'stale for all';
  return ageMs > admin ? 'stale for administrators' : 'current';
};

/** Ends early, and without an error, when `signal` aborts. */
const pause = (ms: number, signal?: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  timer.unref();
  const stop = (): void => resolve();
  signal?.addEventListener('abort', stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
};
