import type { AccessTokenClaims } from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import { metrics, type ObservableResult } from '@opentelemetry/api';
import { makeRevocationList } from './make-revocation-list.ts';
import type { ReadRevocations } from './revocation-response.ts';

/** What is known of the session of a valid token. Unknown when the copy is too old to tell. */
export type SessionState = 'live' | 'revoked' | 'unknown';

/** How old the copy of revoked sessions may get, in milliseconds. */
export type StalenessLimits = {
  readonly admin: number;
  readonly customer: number;
};

/** A copy of the revoked sessions that is kept up to date until it is closed. */
export type RevocationFollower = {
  /** Waits for the first answer of the feed, for a second at most; else it asks nobody. */
  readonly check: (token: AccessTokenClaims) => Promise<SessionState>;
  /** Adds sessions that this process revoked itself. */
  readonly add: (ids: readonly string[]) => void;
  readonly close: () => void;
};

/** A feed that fails is asked again after this long. */
const RETRY_AFTER_MS = 250;
/** A feed that does not wait is asked no more often than this. */
const MIN_INTERVAL_MS = 50;
/** Requests that come before the first answer wait for it this long: a process has just started. */
const FIRST_ANSWER_MS = 1_000;

type Level = 'current' | 'stale for administrators' | 'stale for all';

/**
 * Follows the revocation feed, so that each request is checked without a call. What was received
 * stays in force while the feed fails. When the copy gets old, administrators are turned away first,
 * then every viewer: not knowing must not last.
 * @param read waits for news; a failure is retried and logged once, when it makes a difference
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
      if (list.cursor() === null) await Promise.race([first.promise, pause(FIRST_ANSWER_MS)]);
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
