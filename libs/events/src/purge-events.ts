import { deleteInBatches } from '@cartograph/jobs';
import type { Pool } from 'pg';

/**
 * Deletes events that were published longer ago than `retentionMs` and that no consumer still has to
 * consume, with their rows in the inbox.
 */
export const forgetEvents = async (pool: Pool, retentionMs: number): Promise<void> => {
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
