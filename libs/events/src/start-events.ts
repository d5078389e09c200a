import type { Logger } from '@cartograph/logging';
import { consumeEvent, ConsumerFailure } from './consume-event.ts';
import type { Consumer } from './consumer.ts';
import { publishEvents } from './publish-events.ts';
import { makeEventMetrics } from './event-metrics.ts';
import { forgetEvents } from './purge-events.ts';
import { makeInbox } from './make-inbox.ts';
import { makeNatsPublisher } from './make-nats-publisher.ts';
import type { NatsServers } from './nats-servers.ts';
import { openEventPool } from './open-event-pool.ts';
import { repeat } from './repeat.ts';

/** How late an event may be carried and consumed. */
const POLL_MS = 500;

/** The life of a service's events after they were written. */
export type Events = {
  /** Deletes what was published longer ago than `retentionMs`. */
  readonly forget: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Carries a service's events from its outbox, to the consumers in the service and, where there is a
 * broker, to NATS. Several processes share the work.
 * @param options.nats without it the database is the only publisher
 * @param options.retentionMs how long published events are kept, for people who look into what
 * happened
 */
export const startEvents = (options: {
  databaseUrl: string;
  consumers: readonly Consumer[];
  nats?: NatsServers | undefined;
  retentionMs: number;
  log: Logger;
}): Events => {
  const { consumers, nats, log } = options;
  // Delivery holds one while its publisher uses another, and a consumer uses one.
  const pool = openEventPool(options.databaseUrl, 2 + consumers.length, (error) =>
    log.warn({ err: error }, 'connection of the events lost'),
  );

  const measured = makeEventMetrics();
  const publishers = [makeInbox(pool, consumers), ...(nats ? [makeNatsPublisher(nats)] : [])];
  const stopDelivery = repeat({
    round: () => publishEvents(pool, publishers, measured),
    intervalMs: POLL_MS,
    onFailure: (error) => {
      measured.failed('delivery', false);
      log.warn({ err: error }, 'events not delivered');
    },
  });
  const stopConsumers = consumers.map((consumer) =>
    repeat({
      round: () => consumeEvent(pool, consumer),
      intervalMs: POLL_MS,
      onFailure: (error) => {
        const isFinal = error instanceof ConsumerFailure && error.isFinal;
        const said = { consumer: consumer.name, err: error };
        measured.failed(consumer.name, isFinal);
        if (isFinal) log.error({ ...said, event_id: error.eventId }, 'event given up');
        else log.warn(said, 'event not consumed');
      },
    }),
  );

  return {
    forget: () => forgetEvents(pool, options.retentionMs),
    close: async () => {
      await Promise.all([stopDelivery(), ...stopConsumers.map((stop) => stop())]);
      await Promise.all(publishers.map((publisher) => publisher.close()));
      await pool.end();
    },
  };
};
