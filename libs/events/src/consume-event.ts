import type { Pool } from 'pg';
import type { CloudEvent } from './cloud-event.ts';
import type { Consumer } from './consumer.ts';
import { inTransaction, tryLock } from './in-transaction.ts';

/** How long after it came an event that a consumer fails at is tried again, at the least. */
const PATIENCE_MS = 12 * 60 * 60_000;

/**
 * How often a consumer fails at an event before it is left to a person. One that waited behind
 * another is as old as that one when its turn comes, and would be given up unseen.
 */
const FEWEST_FAILURES = 3;

/** e^5 seconds would be more than two minutes: a failure is mended sooner. */
const LONGEST_PAUSE_S = 60;

/** An event that a consumer could not consume. */
export class ConsumerFailure extends Error {
  readonly eventId: string;
  readonly consumer: string;
  /** Whether the consumer goes on without it. */
  readonly isFinal: boolean;

  constructor(fields: { eventId: string; consumer: string; isFinal: boolean }, cause: unknown) {
    super('event not consumed', { cause });
    this.eventId = fields.eventId;
    this.consumer = fields.consumer;
    this.isFinal = fields.isFinal;
  }
}

type Entry = { readonly eventId: string; readonly isDue: boolean; readonly envelope: CloudEvent };

const NEXT = `FROM event_inbox WHERE consumer = $1 AND consumed_at IS NULL AND given_up_at IS NULL`;

/** Notes a failure: it is tried again later, or set aside for a person. @returns whether it is */
const noteFailure = async (
  pool: Pool,
  consumer: string,
  eventId: string,
  patienceMs: number,
  error: unknown,
): Promise<boolean> => {
  const { rows } = await pool.query<{ isFinal: boolean }>(
    `UPDATE event_inbox SET attempts = attempts + 1, last_error = $3,
       retry_at = now() + make_interval(secs => least(exp(least(attempts, 9)), $4)),
       given_up_at = CASE WHEN attempts + 1 >= $6
         AND received_at < now() - make_interval(secs => $5) THEN now() END
     WHERE consumer = $1 AND event_id = $2 RETURNING given_up_at IS NOT NULL AS "isFinal"`,
    [consumer, eventId, String(error), LONGEST_PAUSE_S, patienceMs / 1_000, FEWEST_FAILURES],
  );
  return rows[0]?.isFinal ?? false;
};

/**
 * Lets a consumer consume the next event of its inbox, once: the note that it did is written with
 * what it wrote. One process at a time does so for a consumer, and one that fails is tried again
 * before any that follow, so events are consumed in their order.
 * @returns whether there may be more
 * @throws ConsumerFailure
 */
export const consumeEvent = async (
  pool: Pool,
  consumer: Consumer,
  patienceMs = PATIENCE_MS,
): Promise<boolean> => {
  const { name } = consumer;
  const { rowCount: waiting } = await pool.query(`SELECT 1 ${NEXT} LIMIT 1`, [name]);
  if (!waiting) return false;
  let current: string | undefined;
  const consume = inTransaction(pool, async (client) => {
    if (!(await tryLock(client, `consume_event:${name}`))) return null;
    const { rows } = await client.query<Entry>(
      `WITH next AS (SELECT event_id, retry_at ${NEXT} ORDER BY position LIMIT 1)
       SELECT event_id AS "eventId", retry_at IS NULL OR retry_at <= now() AS "isDue", envelope
       FROM next JOIN events ON id = event_id`,
      [name],
    );
    const [entry] = rows;
    if (!entry?.isDue) return null;
    current = entry.eventId;
    const after = await consumer.handle(entry.envelope, client);
    await client.query(
      'UPDATE event_inbox SET consumed_at = now() WHERE consumer = $1 AND event_id = $2',
      [name, entry.eventId],
    );
    return { after };
  });
  const consumed = await consume.catch(async (error: unknown) => {
    if (current === undefined) throw error;
    const isFinal = await noteFailure(pool, name, current, patienceMs, error);
    throw new ConsumerFailure({ eventId: current, consumer: name, isFinal }, error);
  });
  consumed?.after?.();
  return consumed !== null;
};
