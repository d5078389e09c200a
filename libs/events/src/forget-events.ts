import type { Pool } from 'pg';

/** How long events that were carried are kept, for people who look into what happened. */
const KEPT_DAYS = 30;

const BATCH = 1_000;

/** Deletes events that were carried long ago and that no consumer still has to consume. */
export const forgetEvents = async (pool: Pool): Promise<void> => {
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM events WHERE id IN (
         SELECT id FROM events
         WHERE published_at < now() - make_interval(days => $1)
           AND NOT EXISTS (
             SELECT 1 FROM event_inbox WHERE event_id = id AND consumed_at IS NULL)
         ORDER BY position LIMIT $2
       )`,
      [KEPT_DAYS, BATCH],
    );
    if ((rowCount ?? 0) < BATCH) return;
  }
};
