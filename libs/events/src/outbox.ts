import { deleteInBatches, type Transaction } from '@cartograph/jobs';
import { inTransaction } from '@cartograph/postgres';
import type { Pool } from 'pg';
import { makeEvent, type CloudEvent, type EventDraft } from './cloud-event.ts';
import { tryLock } from './event-pool.ts';
import type { EventType } from './event-types.ts';

/** Sends events to those who subscribe to them. */
export type Publisher = {
  readonly name: string;
  /**
   * Publishes events in their order, and resolves when all of them are stored at the receiver. It
   * may get the same events again: a process can die before it marks them as published.
   */
  readonly publish: (events: readonly CloudEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Writes events into the outbox, in the transaction of their cause: both are stored, or neither.
 * They are published from there, in this order. It is one statement, and none without events.
 */
export const writeEvents = async (
  tx: Transaction,
  drafts: readonly EventDraft[],
): Promise<void> => {
  if (drafts.length === 0) return;
  const envelopes = JSON.stringify(drafts.map(makeEvent));
  await tx.$executeRaw`
    INSERT INTO events (id, envelope, created_at)
    SELECT (envelope->>'id')::uuid, envelope, (envelope->>'time')::timestamptz
    FROM jsonb_array_elements(${envelopes}::jsonb) WITH ORDINALITY AS given(envelope, place)
    ORDER BY place`;
};

const BATCH = 100;

/**
 * Publishes the oldest events of the outbox to every publisher, in the order in which they were
 * written, then marks them as published: at least once each. One process at a time does so, to keep
 * the order. Events of a transaction that commits late are published when they become visible.
 * @param onPublished called for each event after it was marked
 * @returns whether there may be more
 * @throws when a publisher fails; no event is marked then, and all of them are published again
 */
export const publishEvents = async (
  pool: Pool,
  publishers: readonly Publisher[],
  onPublished: (type: EventType, createdAt: Date) => void,
): Promise<boolean> => {
  const { rowCount: waiting } = await pool.query(
    'SELECT 1 FROM events WHERE published_at IS NULL LIMIT 1',
  );
  if (!waiting) return false;
  return inTransaction(pool, async (client) => {
    // The lock is held while the publishers work: other processes skip this round. When this process
    // ends, so does the lock; when its machine is lost, the database ends it after some minutes.
    if (!(await tryLock(client, 'deliver_events'))) return false;
    const { rows } = await client.query<{ id: string; envelope: CloudEvent; createdAt: Date }>(
      `SELECT id, envelope, created_at AS "createdAt" FROM events
       WHERE published_at IS NULL ORDER BY position LIMIT ${BATCH}`,
    );
    const events = rows.map((row) => row.envelope);
    for (const publisher of publishers) await publisher.publish(events);
    await client.query('UPDATE events SET published_at = clock_timestamp() WHERE id = ANY($1)', [
      rows.map((row) => row.id),
    ]);
    for (const { envelope, createdAt } of rows) onPublished(envelope.type, createdAt);
    return rows.length === BATCH;
  });
};

/**
 * Deletes events that were published longer ago than `retentionMs` and that every consumer has
 * consumed, with their rows in the inbox.
 */
export const purgeEvents = async (pool: Pool, retentionMs: number): Promise<void> => {
  await deleteInBatches(async (limit) => {
    const { rowCount } = await pool.query(
      `DELETE FROM events WHERE id IN (
         SELECT id FROM events
         WHERE published_at < now() - make_interval(secs => $1)
           AND NOT EXISTS (
             SELECT 1 FROM event_inbox WHERE event_id = id AND consumed_at IS NULL)
         ORDER BY published_at LIMIT $2
         FOR UPDATE SKIP LOCKED
       )`,
      [retentionMs / 1_000, limit],
    );
    return rowCount ?? 0;
  });
};
