import { inTransaction } from '@cartograph/postgres';
import type { Pool } from 'pg';
import type { CloudEvent } from './cloud-event.ts';
import { tryLock } from './event-pool.ts';
import { EVENT_BATCH } from './outbox.ts';
import { tracePublishing } from './trace-publishing.ts';

/** Sends events to a broker. */
export type Publisher = {
  readonly name: string;
  /**
   * Publishes events in their order, and resolves when the broker has stored all of them. It may get
   * the same events again: a process can die before it marks them as published.
   */
  readonly publish: (events: readonly CloudEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Publishes the oldest events of the outbox that the broker has not got to it, in the order in which
 * they were written, then marks them: at least once each. Events of a transaction that commits late
 * are published when they become visible.
 * @returns how many were published: at most 100
 * @throws when the broker fails; no event is marked then, and all of them are published again
 */
export const publishToBroker = async (pool: Pool, publisher: Publisher): Promise<number> => {
  const { rows } = await pool.query<{ isWaiting: boolean }>(
    `/* events.find_for_broker */ SELECT EXISTS (
       SELECT 1 FROM events WHERE broker_published_at IS NULL) AS "isWaiting"`,
    [],
  );
  if (!rows[0]?.isWaiting) return 0;
  return inTransaction(pool, async (client) => {
    // One process at a time publishes, to keep the order. When it ends, so does its lock; when its
    // machine is lost, the database ends it after some minutes. The lock is all that this transaction
    // holds while the broker works: the events are read beside it, so that a schema change of their
    // table waits for no broker.
    if (!(await tryLock(client, 'deliver_events_to_broker'))) return 0;
    const { rows: waiting } = await pool.query<{ id: string; envelope: CloudEvent }>(
      `/* events.read_for_broker */ SELECT id, envelope FROM events
       WHERE broker_published_at IS NULL ORDER BY position LIMIT ${EVENT_BATCH}`,
      [],
    );
    const envelopes = waiting.map((row) => row.envelope);
    const causes = envelopes.map(({ traceparent }) => traceparent ?? null);
    await tracePublishing(publisher.name, causes, () => publisher.publish(envelopes));
    // Fails when the lock was lost meanwhile.
    await client.query(
      `/* events.mark_for_broker */ UPDATE events SET broker_published_at = clock_timestamp()
       WHERE id = ANY($1)`,
      [waiting.map((row) => row.id)],
    );
    return waiting.length;
  });
};
