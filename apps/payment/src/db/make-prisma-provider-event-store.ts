import { deleteInBatches } from '@cartograph/jobs';
import { sampledTraceparent } from '@cartograph/telemetry';
import type { Pool } from 'pg';
import type { ProviderEvent, ProviderEventStore } from '../domain/provider-event-store.ts';
import type { Database } from './make-database.ts';

const COLUMNS = `id, provider, event_id AS "eventId", charge_key AS "chargeKey",
  charge_ref AS "chargeReference", received_at AS "receivedAt"`;

// Without the columns of a key: repeats conflict in both, and where one is named, the other one's conflict is an error.
const INSERT = `/* provider_event.insert */
  WITH made AS (
    INSERT INTO provider_events (id, provider, event_id, charge_key, charge_ref, received_at, due_at,
      due_trace)
    VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8)
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}
  )
  SELECT made.*, true AS "isNew" FROM made
  UNION ALL
  SELECT ${COLUMNS}, false FROM provider_events
  WHERE provider = $2 AND event_id = $3 AND NOT EXISTS (SELECT 1 FROM made)`;

const FIND_SAME = `/* provider_event.find_same */
  SELECT ${COLUMNS} FROM provider_events WHERE provider = $1 AND event_id = $2`;

const FIND = `/* provider_event.find */ SELECT ${COLUMNS} FROM provider_events WHERE id = $1`;

const MARK_PROCESSED = `/* provider_event.processed */
  UPDATE provider_events SET processed_at = now(), due_at = NULL,
    due_attempts = 0, due_since = NULL, due_error = NULL, dead_at = NULL
  WHERE id = $1`;

/** Makes the store of webhooks: `pool` inserts, finds and marks them, and Prisma purges. */
export const makePrismaProviderEventStore = (
  database: Database,
  pool: Pick<Pool, 'query'>,
): ProviderEventStore => ({
  insertEvent: async (event, delayMs) => {
    const { id, provider, eventId, chargeKey, chargeReference, receivedAt } = event;
    const { rows } = await pool.query<ProviderEvent & { isNew: boolean }>(INSERT, [
      id,
      provider,
      eventId,
      chargeKey,
      chargeReference,
      receivedAt,
      delayMs / 1_000,
      sampledTraceparent(),
    ]);
    if (rows[0]) {
      const { isNew, ...inserted } = rows[0];
      return { event: inserted, isNew };
    }
    // A concurrent insert was first, and began before its row was visible to this statement.
    const same = await pool.query<ProviderEvent>(FIND_SAME, [provider, eventId]);
    if (!same.rows[0]) throw new Error(`event ${eventId} of ${provider} is not stored`);
    return { event: same.rows[0], isNew: false };
  },

  findEvent: async (id) => (await pool.query<ProviderEvent>(FIND, [id])).rows[0] ?? null,

  markProcessed: async (id) => {
    await pool.query(MARK_PROCESSED, [id]);
  },

  purge: async (retentionMs) => {
    await deleteInBatches(
      (limit) => database.$executeRaw`
        DELETE FROM provider_events WHERE id IN (
          SELECT id FROM provider_events
          WHERE processed_at < now() - make_interval(secs => ${retentionMs / 1_000}::float)
          ORDER BY processed_at LIMIT ${limit}
          FOR UPDATE SKIP LOCKED
        )`,
    );
  },
});
