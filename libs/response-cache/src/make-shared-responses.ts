import { createHash } from 'node:crypto';
import type { Redis } from '@cartograph/redis';
import { metrics } from '@opentelemetry/api';

/** A response that some process stored; in this process's monotonic time. */
export type SharedResponse = {
  readonly text: string;
  /** When its execution began, or before. */
  readonly startedAt: number;
  /** From then on it is not fresh. */
  readonly freshUntil: number;
};

/** Public responses that all replicas of an app share. */
export type SharedResponses = {
  /** @returns null when there is none, or Redis does not say so in time */
  readonly find: (key: string) => Promise<SharedResponse | null>;
  /**
   * Stores a response in the background, if that works.
   * @param freshMs for how long it is fresh, from `startedAt`
   */
  readonly store: (key: string, text: string, freshMs: number, startedAt: number) => void;
  /** Removes a response in the background: the last response to this key was not public. */
  readonly remove: (key: string) => void;
};

/** No request waits longer than this for Redis. */
const FIND_TIMEOUT_MS = 50;

/** No request waits for a response to be stored. */
const STORE_TIMEOUT_MS = 500;

/** The longest response that is stored, in characters. */
const MAX_LENGTH = 256 * 1024;

/** Responses that are being stored; no more are, until one of them is. */
const MAX_PENDING = 64;

/** Redis's clock was read for every response that is executed, some seconds ago at most. */
const MAX_CLOCK_AGE_MS = 60_000;

/**
 * Stores a response until a time of Redis's own clock, unless another is stored that is fresh for
 * longer. KEYS: the response. ARGV: the text, the time in milliseconds.
 */
const STORE = `
local now = redis.call('TIME')
local left = ARGV[2] - (now[1] * 1000 + math.ceil(now[2] / 1000))
if left > 0 and left > redis.call('PTTL', KEYS[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
end`;

/** What Redis's clock showed, in milliseconds, at some time before `readAt`. */
type ClockReading = { readonly serverMs: number; readonly readAt: number };

const toMs = ([seconds, microseconds]: readonly string[]): number =>
  Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A text as it is stored: for how long it is fresh, then the response. */
const ENTRY = /^(\d+)\n(.*)$/s;

/**
 * Makes the responses that are shared through Redis. No two clocks of machines are compared. Every
 * search reads Redis's clock; a response expires by that clock, counted from the start of its
 * execution, so that it does however late it is stored. Its age follows from the time that it has
 * left. What a request costs on its way to Redis and back counts as age.
 * @param scope differs when the same request may have another response: see `hashCode`
 */
export const makeSharedResponses = (redis: Redis, scope: string): SharedResponses => {
  const lookups = metrics.getMeter('cartograph.response-cache').createCounter('shop.cache.lookup', {
    description: 'Searches for a response that another process stored: hit, miss or failure.',
  });
  for (const result of ['hit', 'miss', 'failure']) lookups.add(0, { result });
  const prefix = `cartograph:response:${hash(scope)}`;
  let clock: ClockReading | null = null;
  let pending = 0;

  const nameOf = (key: string): string => `${prefix}:${hash(key)}`;

  const search = async (key: string): Promise<SharedResponse | null> => {
    const sentAt = performance.now();
    const name = nameOf(key);
    const [stored, leftMs, time] = await redis.run(
      (client) => client.multi().get(name).pTTL(name).time().execTyped(),
      FIND_TIMEOUT_MS,
    );
    clock = { serverMs: toMs(time), readAt: performance.now() };
    const [, freshMs, text] = ENTRY.exec(stored ?? '') ?? [];
    if (freshMs === undefined || text === undefined || leftMs <= 0) return null;
    // Redis rounds to milliseconds.
    const freshUntil = sentAt + leftMs - 1;
    return { text, startedAt: freshUntil - Number(freshMs), freshUntil };
  };

  /** The time of Redis's clock, or an earlier one, at a time of this process. */
  const serverMsAt = (at: number): number | null =>
    clock && performance.now() - clock.readAt < MAX_CLOCK_AGE_MS
      ? clock.serverMs + at - clock.readAt
      : null;

  const change = (command: Parameters<typeof redis.run>[0]): void => {
    if (pending >= MAX_PENDING) return;
    pending += 1;
    // A failure is counted by the connection, and nobody waits.
    void redis
      .run(command, STORE_TIMEOUT_MS)
      .catch(() => undefined)
      .finally(() => (pending -= 1));
  };

  return {
    find: async (key) => {
      try {
        const found = await search(key);
        lookups.add(1, { result: found ? 'hit' : 'miss' });
        return found;
      } catch {
        lookups.add(1, { result: 'failure' });
        return null;
      }
    },

    store: (key, text, freshMs, startedAt) => {
      const began = serverMsAt(startedAt);
      if (began === null || text.length > MAX_LENGTH) return;
      const whole = Math.floor(freshMs);
      const expiresAt = String(Math.floor(began + whole));
      change((client) =>
        client.eval(STORE, { keys: [nameOf(key)], arguments: [`${whole}\n${text}`, expiresAt] }),
      );
    },

    remove: (key) => change((client) => client.del(nameOf(key))),
  };
};
