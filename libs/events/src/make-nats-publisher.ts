import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect, headers, nanos, type NatsConnection } from '@nats-io/transport-node';
import type { Publisher } from './publisher.ts';
import { eventTypes } from './event-types.ts';
import type { NatsServers } from './nats-servers.ts';

/** The one stream of the shop. */
export const STREAM = 'CARTOGRAPH';

const SUBJECTS = Object.keys(eventTypes);

/** How long the broker may take for one thing. Nobody waits for it but the outbox. */
const TIMEOUT_MS = 2_000;

const HOUR_MS = 60 * 60_000;

/** What a new stream is made with; whoever runs the broker may change it. */
const NEW_STREAM = {
  max_age: nanos(7 * 24 * HOUR_MS),
  // A process that died between publishing and marking publishes again when it is back.
  duplicate_window: nanos(HOUR_MS),
};

/** Makes the stream, or adds the subjects that it lacks. It takes nothing away. */
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
 * Carries events to NATS JetStream: an event's type is its subject, its id the message id by which
 * the broker knows one that comes again. A message is the whole event, as CloudEvents' NATS binding
 * has it in structured mode. An event is taken when the broker has acknowledged it; while there is
 * no broker none is, and all wait.
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
    carry: async (events) => {
      link ??= await open();
      const { client } = link;
      try {
        for (const event of events) {
          const described = headers();
          described.set('content-type', 'application/cloudevents+json; charset=UTF-8');
          await client.publish(event.type, JSON.stringify(event), {
            msgID: event.id,
            headers: described,
            timeout: TIMEOUT_MS,
          });
        }
      } catch (error) {
        // The next round begins with a new connection, and looks for the stream anew.
        await drop();
        throw error;
      }
    },
    close: drop,
  };
};
