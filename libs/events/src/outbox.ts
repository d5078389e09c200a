import { deleteInBatches } from '@cartograph/jobs';
import type { Pool } from 'pg';
import { makeEvent, type EventDraft } from './cloud-event.ts';

/** A transaction of any service's database, as Prisma gives it. */
export type Transaction = {
  readonly $executeRaw: (
    sql: TemplateStringsArray,
    ...values: readonly unknown[]
  ) => PromiseLike<number>;
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

/** How many events are published at a time. */
export const EVENT_BATCH = 100;

/**
 * Deletes events that were published longer ago than `retentionMs`, those that wait for a broker
 * excepted.
 * @param hasBroker whether events are published to a broker, too
 */
export const purgeEvents = async (
  pool: Pool,
  retentionMs: number,
  hasBroker: boolean,
): Promise<void> => {
  await deleteInBatches(async (limit) => {
    const { rowCount } = await pool.query(
      `/* events.purge */ DELETE FROM events WHERE id IN (
         SELECT id FROM events
         WHERE published_at < now() - make_interval(secs => $1)
           ${hasBroker ? 'AND broker_published_at IS NOT NULL' : ''}
         ORDER BY published_at LIMIT $2
         FOR UPDATE SKIP LOCKED
       )`,
      [retentionMs / 1_000, limit],
    );
    return rowCount ?? 0;
  });
};
