import type { AccessTokenClaims } from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import { metrics, type ObservableResult } from '@opentelemetry/api';
import { makeRevocationList, type RevocationResponse } from './make-revocation-list.ts';

/**
 * Reads the feed: the sessions that were revoked since `after`, the `asOf` of the last response, or
 * without it all that a valid token may need.
 * @param waitMs how long it may wait for a new revocation, in milliseconds
 */
export type ReadRevocations = (after: Date | null, waitMs: number) => Promise<RevocationResponse>;

/** The state of a valid token's session. Unknown when the copy of the feed is too old. */
export type SessionState = 'live' | 'revoked' | 'unknown';

/** How old the copy of revoked sessions may get, in milliseconds. */
export type StalenessLimits = {
  readonly admin: number;
  readonly customer: number;
};

/** A copy of the revoked sessions that is updated until it is closed. */
export type RevocationFollower = {
  /**
   * Checks the copy. It waits up to a second for a response of the feed before the first one, and
   * when the copy has become too old only recently.
   */
  readonly check: (token: AccessTokenClaims) => Promise<SessionState>;
  /** Adds sessions that this process revoked. */
  readonly add: (ids: readonly string[]) => void;
  readonly close: () => void;
};

/** How long a read waits for a new revocation, when the copy is current. */
const WAIT_MS = 1_000;
/** A failed read is retried after this time. */
const RETRY_AFTER_MS = 250;
/** The feed is read at most this often, even if it does not wait. */
const MIN_INTERVAL_MS = 50;
/** How long a request waits for the next response of the feed. */
const NEXT_RESPONSE_MS = 1_000;
/**
 * Requests wait only when the copy exceeded its limit within this time: a process that was suspended
 * or starved gets a response soon. In a longer outage they are refused at once.
 */
const RECENTLY_MS = 5_000;

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
  let nextResponse = Promise.withResolvers<void>();
  /** After a failure, the copy may be old: the next read does not wait for a new revocation. */
  let hasFailed = true;
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
      list.apply(await read(list.cursor(), hasFailed ? 0 : WAIT_MS), sentAt);
      hasFailed = false;
      nextResponse.resolve();
      nextResponse = Promise.withResolvers();
      return MIN_INTERVAL_MS - (now() - sentAt);
    } catch (error) {
      lastError = error;
      hasFailed = true;
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

  /** How long the copy has been too old for this viewer, in milliseconds; negative when it is not. */
  const exceededMs = ({ role }: AccessTokenClaims): number =>
    list.ageMs() - (role === 'ADMIN' ? limits.admin : limits.customer);

  const isWorthWaiting = (token: AccessTokenClaims): boolean =>
    list.cursor() === null || (exceededMs(token) > 0 && exceededMs(token) <= RECENTLY_MS);

  return {
    check: async (token) => {
      if (isWorthWaiting(token))
        await Promise.race([nextResponse.promise, pause(NEXT_RESPONSE_MS)]);
      if (list.isRevoked(token)) return 'revoked';
      logChange();
      return exceededMs(token) > 0 ? 'unknown' : 'live';
    },
    add: list.add,
    close: () => {
      closing.abort();
      nextResponse.resolve();
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
