import type { Pool } from 'pg';
import type { EventType } from './event-types.ts';
import { EVENT_BATCH } from './outbox.ts';

/** What is counted of an event. */
export type PublishedEvent = {
  readonly type: EventType;
  /** Why an order was cancelled; null for other events. */
  readonly reason: string | null;
  /** From when it happened until it was published, in milliseconds. */
  readonly lagMs: number;
  /** The span that caused it; null when that was not recorded. */
  readonly cause: string | null;
};

/**
 * One process at a time publishes: the others find the lock taken, and no events. `published_at` is
 * checked again in the UPDATE, because the batch was read before the lock was: another process may
 * have published it meanwhile.
 */
const makeStatement = (hasBroker: boolean): string => `/* events.publish */
  WITH guard AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended('deliver_events', 0)) AS is_ours
  ), batch AS (
    SELECT id FROM events WHERE published_at IS NULL AND (SELECT is_ours FROM guard)
    ORDER BY position LIMIT ${EVENT_BATCH}
  ), published AS (
    UPDATE events SET published_at = clock_timestamp()
      ${hasBroker ? '' : ', broker_published_at = clock_timestamp()'}
    FROM batch WHERE events.id = batch.id AND events.published_at IS NULL
    RETURNING events.position, events.envelope, events.created_at
  )
  SELECT envelope->>'type' AS type, envelope->'data'->>'cancellationReason' AS reason,
    envelope->>'traceparent' AS cause,
    (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS "lagMs"
  FROM published ORDER BY position`;

const WITH_BROKER = makeStatement(true);

/** Without a broker no event waits for one, so that a later one does not get old events. */
const WITHOUT_BROKER = makeStatement(false);

/**
 * Marks the oldest events of the outbox as published in the database, in one statement. Nothing else
 * is written: an event is then one that has happened, for those who read this table.
 * @param hasBroker whether events are published to a broker, too
 * @returns those that this call has published, in the order in which they were written: at most 100
 */
export const publishInDatabase = async (
  pool: Pool,
  hasBroker: boolean,
): Promise<readonly PublishedEvent[]> => {
  const { rows } = await pool.query<PublishedEvent>(hasBroker ? WITH_BROKER : WITHOUT_BROKER, []);
  return rows;
};
