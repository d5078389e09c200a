import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@cartograph/logging';
import { metrics } from '@opentelemetry/api';
import { openEventPool } from './event-pool.ts';
import type { EventType } from './event-types.ts';
import { consumeEvent, ConsumerFailure, makeInbox, type Consumer } from './inbox.ts';
import { makeNatsPublisher, type NatsServers } from './make-nats-publisher.ts';
import { publishEvents, purgeEvents } from './outbox.ts';

/** How long an event waits to be published, and to be consumed, at the most. */
const POLL_MS = 500;

const MAX_PAUSE_MS = 10_000;

const makeEventMetrics = () => {
  const meter = metrics.getMeter('cartograph.events');
  const lag = meter.createHistogram('shop.event.lag', {
    description: 'From when an event happened to when all publishers had published it.',
    unit: 's',
  });
  const failures = meter.createCounter('shop.event.failure', {
    description: 'Rounds of publishing, and attempts of consumers, that failed.',
  });
  return {
    published: (type: EventType, createdAt: Date): void =>
      lag.record(Math.max((Date.now() - createdAt.getTime()) / 1_000, 0), { type }),
    /** @param step what failed: `delivery`, or the name of a consumer */
    failed: (step: string, isFinal: boolean): void => failures.add(1, { step, final: isFinal }),
  };
};

/**
 * Repeats a round: immediately while it says that there is more to do, else after POLL_MS, and after
 * failures with growing pauses.
 * @returns stops it, after the current round
 */
const repeat = (
  round: () => Promise<boolean>,
  onFailure: (error: unknown) => void,
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const hasMore = await round();
        failures = 0;
        if (hasMore) continue;
      } catch (error) {
        failures += 1;
        onFailure(error);
      }
      // A stop ends the pause with an AbortError.
      await pause(Math.min(POLL_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(
        () => undefined,
      );
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
};

/** The background work on a service's events. */
export type Events = {
  /** Deletes what was published longer ago than `retentionMs`. */
  readonly purge: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Publishes a service's events from its outbox: to the consumers in the service and, where a broker
 * is configured, to NATS. Several processes share the work.
 * @param options.nats without it events stay in the service
 * @param options.retentionMs how long published events are stored, for those who analyse an incident
 */
export const startEvents = (options: {
  databaseUrl: string;
  consumers: readonly Consumer[];
  nats?: NatsServers | undefined;
  retentionMs: number;
  log: Logger;
}): Events => {
  const { consumers, nats, log } = options;
  // Publishing uses two connections at a time, each consumer one.
  const pool = openEventPool(options.databaseUrl, 2 + consumers.length, (error) =>
    log.warn({ err: error }, 'connection of the events lost'),
  );

  const measured = makeEventMetrics();
  const publishers = [makeInbox(pool, consumers), ...(nats ? [makeNatsPublisher(nats)] : [])];
  const stopPublishing = repeat(
    () => publishEvents(pool, publishers, measured.published),
    (error) => {
      measured.failed('delivery', false);
      log.warn({ err: error }, 'events not published');
    },
  );
  const stopConsumers = consumers.map((consumer) =>
    repeat(
      () => consumeEvent(pool, consumer),
      (error) => {
        const isFinal = error instanceof ConsumerFailure && error.isFinal;
        const fields = { consumer: consumer.name, err: error };
        measured.failed(consumer.name, isFinal);
        if (isFinal) log.error({ ...fields, event_id: error.eventId }, 'event dead-lettered');
        else log.warn(fields, 'event not consumed');
      },
    ),
  );

  return {
    purge: () => purgeEvents(pool, options.retentionMs),
    close: async () => {
      await Promise.all([stopPublishing(), ...stopConsumers.map((stop) => stop())]);
      await Promise.all(publishers.map((publisher) => publisher.close()));
      await pool.end();
    },
  };
};
