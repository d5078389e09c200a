import type { Pool } from 'pg';
import type { Publisher } from './publisher.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { EventMetrics } from './event-metrics.ts';
import { inTransaction, tryLock } from './in-transaction.ts';

const BATCH = 100;

/**
 * Hands what waits in the outbox to every publisher, in the order of writing, and marks it as carried
 * when they have taken it: at least once each. One process at a time does so, or there would be no
 * order. What a transaction wrote that was slow to end is carried when it is seen.
 * @returns whether there may be more
 * @throws when a publisher did not take it; nothing is marked then, and all of it is handed out again
 */
export const publishEvents = async (
  pool: Pool,
  publishers: readonly Publisher[],
  measured: Pick<EventMetrics, 'carried'>,
): Promise<boolean> => {
  const { rowCount: waiting } = await pool.query(
    'SELECT 1 FROM events WHERE published_at IS NULL LIMIT 1',
  );
  if (!waiting) return false;
  return inTransaction(pool, async (client) => {
    // It is held while the publishers work: whoever else comes has nothing to do meanwhile. The end of
    // this process ends it too; should its machine be lost, the database does, after some minutes.
    if (!(await tryLock(client, 'deliver_events'))) return false;
    const { rows } = await client.query<{ id: string; envelope: CloudEvent; createdAt: Date }>(
      `SELECT id, envelope, created_at AS "createdAt" FROM events
       WHERE published_at IS NULL ORDER BY position LIMIT ${BATCH}`,
    );
    const events = rows.map((row) => row.envelope);
    for (const publisher of publishers) await publisher.carry(events);
    await client.query('UPDATE events SET published_at = clock_timestamp() WHERE id = ANY($1)', [
      rows.map((row) => row.id),
    ]);
    for (const { envelope, createdAt } of rows) measured.carried(envelope.type, createdAt);
    return rows.length === BATCH;
  });
};
