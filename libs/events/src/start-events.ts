import type { Logger } from '@cartograph/logging';
import { LAG_BOUNDARIES } from '@cartograph/telemetry';
import { metrics } from '@opentelemetry/api';
import { makeBusinessMetrics } from './business-metrics.ts';
import { openEventPool } from './event-pool.ts';
import type { EventSource } from './event-types.ts';
import type { NatsServers } from './nats-servers.ts';
import { EVENT_BATCH, purgeEvents } from './outbox.ts';
import { publishInDatabase } from './publish-in-database.ts';
import { publishToBroker } from './publish-to-broker.ts';
import { repeat } from './repeat.ts';
import { tracePublishing } from './trace-publishing.ts';

/** Publishing in the database and a purge use one connection each, publishing to a broker two. */
const CONNECTIONS = { database: 2, broker: 2 };

/** The background work on a service's events. */
export type Events = {
  /** Deletes what was published longer ago than `retentionMs`. */
  readonly purge: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Publishes a service's events from its outbox, and counts them: in the database and, where a broker
 * is configured, to NATS. Each of the two has its own marks and its own failures, and delays the other
 * in nothing. Several processes share the work.
 * @param options.source of this service's events: those that have not happened are counted as 0
 * @param options.nats without it events stay in the service
 * @param options.retentionMs how long published events are stored, for those who analyse an incident
 */
export const startEvents = async (options: {
  source: EventSource;
  databaseUrl: string;
  nats?: NatsServers | undefined;
  retentionMs: number;
  log: Logger;
}): Promise<Events> => {
  const { nats, log } = options;
  // A shop without a broker does not load its client.
  const publisher = nats && (await import('./make-nats-publisher.ts')).makeNatsPublisher(nats);
  const hasBroker = nats !== undefined;
  const connections = CONNECTIONS.database + (hasBroker ? CONNECTIONS.broker : 0);
  const pool = openEventPool(options.databaseUrl, connections, (error) =>
    log.warn({ err: error }, 'connection of the events lost'),
  );
  const meter = metrics.getMeter('cartograph.events');
  const lag = meter.createHistogram('shop.event.lag', {
    description: 'From when an event happened to when it was published in the database.',
    unit: 's',
    advice: { explicitBucketBoundaries: LAG_BOUNDARIES },
  });
  const failures = meter.createCounter('shop.event.failure', {
    description: 'Rounds of publishing that failed, by publisher.',
  });
  failures.add(0, { step: 'database' });
  const onFailure = (step: string) => (error: unknown) => {
    failures.add(1, { step });
    log.warn({ step, err: error }, 'events not published');
  };

  const countEvents = makeBusinessMetrics(options.source);
  const stopDatabase = repeat(async () => {
    const events = await publishInDatabase(pool, hasBroker);
    countEvents(events);
    await tracePublishing(
      'database',
      events.map(({ cause }) => cause),
      async () => undefined,
    );
    // Events carry the time of the process that wrote them: its clock may be ahead.
    for (const { type, lagMs } of events) lag.record(Math.max(lagMs / 1_000, 0), { type });
    return events.length === EVENT_BATCH;
  }, onFailure('database'));

  if (publisher) failures.add(0, { step: publisher.name });
  const stopBroker =
    publisher &&
    repeat(
      async () => (await publishToBroker(pool, publisher)) === EVENT_BATCH,
      onFailure(publisher.name),
    );

  return {
    purge: () => purgeEvents(pool, options.retentionMs, hasBroker),
    close: async () => {
      await Promise.all([stopDatabase(), stopBroker?.()]);
      await publisher?.close();
      await pool.end();
    },
  };
};
