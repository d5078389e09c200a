import type { Logger } from '@cartograph/logging';
import { metrics } from '@opentelemetry/api';
import { makePause, Paused } from './make-pause.ts';
import { openClient, type OpenedClient, type RedisClient } from './open-client.ts';
import { RedisTimeout, within } from './within.ts';

export type { RedisClient } from './open-client.ts';

/** A connection to Redis that may be down at any time. */
export type Redis = {
  /**
   * Sends commands. Whoever calls it can do without their result.
   * @param timeoutMs how long to wait for it
   * @throws immediately while there is no connection, and for a second after a failure; later when
   * there is no reply in time
   */
  readonly run: <Result>(
    commands: (client: RedisClient) => Promise<Result>,
    timeoutMs: number,
  ) => Promise<Result>;
  readonly close: () => Promise<void>;
};

/** After a failure no command is sent for so long; then one finds out whether Redis works again. */
const PAUSE_MS = 1_000;

/** A connection on which nothing is answered for so long is replaced: it may be lost without a sign. */
const SILENCE_MS = 3_000;

class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

const REASONS = ['not connected', 'paused', 'timeout', 'error'] as const;

/** As an attribute of the metric. */
const reasonOf = (error: unknown): (typeof REASONS)[number] => {
  if (error instanceof NotConnected) return 'not connected';
  if (error instanceof Paused) return 'paused';
  return error instanceof RedisTimeout ? 'timeout' : 'error';
};

/**
 * Connects to Redis, in the background: whether it works or not, a process starts and serves. One
 * connection is enough for a process, since commands are sent without waiting for earlier replies.
 * @param options.name the name of the process
 */
export const makeRedis = (options: {
  readonly url: string;
  readonly name: string;
  readonly log: Logger;
}): Redis => {
  const failures = metrics.getMeter('cartograph.redis').createCounter('shop.redis.failure', {
    description: 'Commands that failed, or were not sent because Redis does not work.',
  });
  for (const reason of REASONS) failures.add(0, { reason });
  const unlessPaused = makePause(PAUSE_MS);
  let opened: OpenedClient | null = null;
  let silentSince: number | null = null;
  let isClosed = false;

  const open = async (): Promise<void> => {
    try {
      opened = await openClient(options);
    } catch (error) {
      options.log.error({ err: error }, 'redis client could not be made');
    }
  };
  let opening = open();

  const replaceSilent = (connected: RedisClient): void => {
    silentSince ??= performance.now();
    if (opened?.client !== connected || performance.now() - silentSince < SILENCE_MS) return;
    options.log.warn('redis connection unresponsive, reconnecting');
    void opened.close();
    opened = null;
    silentSince = null;
    opening = open();
  };

  const send = async <Result>(
    commands: (client: RedisClient) => Promise<Result>,
    timeoutMs: number,
  ): Promise<Result> => {
    const connected = opened?.client;
    if (isClosed || !connected?.isReady) throw new NotConnected('redis is not connected');
    return unlessPaused(async () => {
      try {
        const result = await within(timeoutMs, commands(connected));
        silentSince = null;
        return result;
      } catch (error) {
        if (error instanceof RedisTimeout) replaceSilent(connected);
        throw error;
      }
    });
  };

  return {
    run: async (commands, timeoutMs) => {
      try {
        return await send(commands, timeoutMs);
      } catch (error) {
        failures.add(1, { reason: reasonOf(error) });
        throw error;
      }
    },

    close: async () => {
      isClosed = true;
      await opening;
      await opened?.close();
    },
  };
};
