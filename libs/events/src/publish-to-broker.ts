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
   * Publishes an event, and resolves when the broker has stored it. It may get the same event again: a
   * process can die before it marks it as published.
   */
  readonly publish: (event: CloudEvent) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * How long a transaction publishes, until it marks what the broker got. The timeouts of its last event
 * come on top: together they must stay below the time after which the database ends the transaction.
 */
const BATCH_MS = 60_000;

/**
 * Publishes the oldest events of the outbox that the broker has not got to it, in the order in which
 * they were written, then marks them: at least once each. Events of a transaction that commits late
 * are published when they become visible.
 * @param batchMs after this time no other event is begun
 * @returns how many were published: at most 100
 * @throws when the broker fails; what it got before is marked, and the others are published again
 */
export const publishToBroker = async (
  pool: Pool,
  publisher: Publisher,
  batchMs = BATCH_MS,
): Promise<number> => {
  const { rows } = await pool.query<{ isWaiting: boolean }>(
    `/* events.find_for_broker */ SELECT EXISTS (
       SELECT 1 FROM events WHERE broker_published_at IS NULL) AS "isWaiting"`,
    [],
  );
  if (!rows[0]?.isWaiting) return 0;
  const { published, failure } = await inTransaction(pool, async (client) => {
    // One process at a time publishes, to keep the order. When it ends, so does its lock; when its
    // machine is lost, the database ends it after some minutes. The lock is all that this transaction
    // holds while the broker works: the events are read beside it, so that a schema change of their
    // table waits for no broker.
    if (!(await tryLock(client, 'deliver_events_to_broker')))
      return { published: 0, failure: null };
    const { rows: waiting } = await pool.query<{ id: string; envelope: CloudEvent }>(
      `/* events.read_for_broker */ SELECT id, envelope FROM events
       WHERE broker_published_at IS NULL ORDER BY position LIMIT ${EVENT_BATCH}`,
      [],
    );
    const batch = await publishUntil(publisher, waiting, performance.now() + batchMs);
    // Fails when the lock was lost meanwhile.
    await client.query(
      `/* events.mark_for_broker */ UPDATE events SET broker_published_at = clock_timestamp()
       WHERE id = ANY($1)`,
      [waiting.slice(0, batch.published).map((row) => row.id)],
    );
    return batch;
  });
  // Only now, so that the marks are stored: a broker that fails often still gets all events.
  if (failure) throw failure.error;
  return published;
};

/** Publishes events one after another, until one fails or the time is over. */
const publishUntil = async (
  publisher: Publisher,
  waiting: readonly { readonly envelope: CloudEvent }[],
  endsAt: number,
): Promise<{
  readonly published: number;
  readonly failure: { readonly error: unknown } | null;
}> => {
  const causes = waiting.map(({ envelope }) => envelope.traceparent ?? null);
  let published = 0;
  try {
    await tracePublishing(publisher.name, causes, async () => {
      for (const { envelope } of waiting) {
        await publisher.publish(envelope);
        published += 1;
        if (performance.now() >= endsAt) return;
      }
    });
    return { published, failure: null };
  } catch (error) {
    return { published, failure: { error } };
  }
};
