import { once } from 'node:events';
import type { Logger } from '@cartograph/logging';
import type { RedisClientType } from '@redis/client';

/** A client, with the commands of Redis. */
export type RedisClient = RedisClientType;

/** A client, and how it is closed for good. */
export type OpenedClient = { readonly client: RedisClient; readonly close: () => Promise<void> };

/** Commands that may wait for a reply. More are rejected. */
const MAX_COMMANDS = 1_000;

const CONNECT_TIMEOUT_MS = 2_000;

/** An idle connection on which nothing arrives for so long is broken: it has a reply every second. */
const SILENCE_MS = 3_000;
const PING_EVERY_MS = 1_000;

const FIRST_RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 2_000;

/** The pause before another attempt to connect: longer each time, and not the same in all processes. */
const pauseAfter = (attempts: number): number => {
  const longest = Math.min(FIRST_RECONNECT_MS * 2 ** attempts, LONGEST_RECONNECT_MS);
  return longest * (0.5 + Math.random() / 2);
};

/**
 * Makes a client and begins to connect. It connects again for as long as it is open. The library is
 * loaded here, so that a process without Redis does not load it.
 */
export const openClient = async (options: {
  readonly url: string;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  readonly log: Logger;
}): Promise<OpenedClient> => {
  const { url, name, log } = options;
  const { createClient } = await import('@redis/client');
  const client: RedisClient = createClient({
    url,
    name,
    // A command is for now or not at all.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_COMMANDS,
    pingInterval: PING_EVERY_MS,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: pauseAfter,
    },
  });
  // An outage is one line, however many attempts to connect fail in it.
  let isReported = false;
  let isConnecting = true;
  client.on('error', (error: unknown) => {
    isConnecting = false;
    if (!isReported && client.isOpen) log.warn({ err: error }, 'redis connection failed');
    isReported = true;
  });
  client.on('reconnecting', () => {
    isConnecting = true;
  });
  client.on('ready', () => {
    isConnecting = false;
    isReported = false;
    log.info('redis connected');
  });
  // It fails only when the client is closed before.
  void client.connect().catch(() => undefined);
  return {
    client,
    close: async () => {
      // A client that is destroyed while it connects would be connected afterwards, and stay so.
      if (isConnecting) await once(client, 'ready').catch(() => undefined);
      if (client.isOpen) client.destroy();
    },
  };
};
