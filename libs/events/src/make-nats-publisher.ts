import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect, headers, nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventTypes } from './event-types.ts';
import type { NatsServers } from './nats-servers.ts';
import type { Publisher } from './publish-to-broker.ts';

/** The one stream of the shop. */
export const STREAM = 'CARTOGRAPH';

const SUBJECTS = Object.keys(eventTypes);

/**
 * How long the broker may take for one operation. No request of a client waits for it, and a broker
 * on a slow disk or a busy machine needs seconds to make a stream: giving up earlier would only have
 * it begin again.
 */
const TIMEOUT_MS = 5_000;

const HOUR_MS = 60 * 60_000;

/** The settings of a new stream; operators of the broker may change them. */
const NEW_STREAM = {
  max_age: nanos(7 * 24 * HOUR_MS),
  // A process that died after publishing, before it marked the events, publishes them again.
  duplicate_window: nanos(HOUR_MS),
};

/** Makes the stream, or adds the subjects that it lacks. It removes nothing. */
const ensureStream = async (manager: JetStreamManager): Promise<void> => {
  try {
    const { config } = await manager.streams.info(STREAM);
    const missing = SUBJECTS.filter((subject) => !config.subjects.includes(subject));
    if (missing.length === 0) return;
    await manager.streams.update(STREAM, { subjects: [...config.subjects, ...missing] });
  } catch (error) {
    const isMissing =
      error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (!isMissing) throw error;
    await manager.streams.add({ ...NEW_STREAM, name: STREAM, subjects: SUBJECTS });
  }
};

type Link = { readonly connection: NatsConnection; readonly client: JetStreamClient };

/**
 * Publishes to NATS JetStream: the type of an event is its subject, its id the message id by which
 * the broker drops repeats. A message is the whole event, in the structured mode of CloudEvents' NATS
 * binding. An event counts as published when the broker has acknowledged it; while the broker is
 * down, events wait in the outbox.
 */
export const makeNatsPublisher = ({ servers, isEncrypted, ...access }: NatsServers): Publisher => {
  let link: Link | null = null;

  const open = async (): Promise<Link> => {
    const connection = await connect({
      servers: [...servers],
      name: 'cartograph',
      timeout: TIMEOUT_MS,
      maxReconnectAttempts: -1,
      ...(isEncrypted && { tls: {} }),
      ...('user' in access && { user: access.user, pass: access.password }),
      ...('token' in access && { token: access.token }),
    });
    try {
      const options = { timeout: TIMEOUT_MS };
      await ensureStream(await jetstreamManager(connection, options));
      return { connection, client: jetstream(connection, options) };
    } catch (error) {
      await connection.close();
      throw error;
    }
  };

  const drop = async (): Promise<void> => {
    const { connection } = link ?? {};
    link = null;
    await connection?.close();
  };

  return {
    name: 'nats',
    publish: async (event) => {
      link ??= await open();
      const messageHeaders = headers();
      messageHeaders.set('content-type', 'application/cloudevents+json; charset=UTF-8');
      try {
        await link.client.publish(event.type, JSON.stringify(event), {
          msgID: event.id,
          headers: messageHeaders,
          timeout: TIMEOUT_MS,
        });
      } catch (error) {
        // The next round opens a new connection, and checks the stream again.
        await drop();
        throw error;
      }
    },
    close: drop,
  };
};
