import { inTransaction } from '@cartograph/postgres';
import type { ClientBase, Pool } from 'pg';
import type { CloudEvent } from './cloud-event.ts';
import { tryLock } from './event-pool.ts';
import type { EventType } from './event-types.ts';
import type { Publisher } from './outbox.ts';

/** A part of a service that consumes the service's own events. */
export type Consumer = {
  /** Never changes: the inbox stores under it what was consumed. */
  readonly name: string;
  readonly types: readonly EventType[];
  /**
   * Handles one event. What it writes with `client` commits together with the mark that the event is
   * consumed: exactly once.
   * @returns an effect outside the database, to run after that commit
   * @throws to get the event again later; the events after it wait until then
   */
  readonly handle: (event: CloudEvent, client: ClientBase) => Promise<(() => void) | void>;
};

/**
 * The publisher to the service's own consumers: it puts each event into the inbox of each consumer
 * of its type. An event that is published again is there already.
 */
export const makeInbox = (pool: Pool, consumers: readonly Consumer[]): Publisher => ({
  name: 'inbox',
  publish: async (events) => {
    const entries = events.flatMap(({ id, type }) =>
      consumers
        .filter(({ types }) => types.includes(type))
        .map((consumer) => ({ id, consumer: consumer.name })),
    );
    if (entries.length === 0) return;
    await pool.query(
      `INSERT INTO event_inbox (event_id, consumer, position, received_at)
       SELECT events.id, entry.consumer, events.position, now()
       FROM unnest($1::uuid[], $2::text[]) AS entry(event_id, consumer)
       JOIN events ON events.id = entry.event_id
       ON CONFLICT DO NOTHING`,
      [entries.map((entry) => entry.id), entries.map((entry) => entry.consumer)],
    );
  },
  close: async () => undefined,
});

/** An event is retried for this long after it was received. */
const RETRY_WINDOW_MS = 12 * 60 * 60_000;

/**
 * An event is dead-lettered after this many failures at the earliest. One that waited behind another
 * is as old as that one before it is first tried.
 */
const MIN_FAILURES = 3;

/** The pause after the n-th failure is e^n seconds, up to this. */
const MAX_PAUSE_S = 60;

/** A consumer failed to consume an event. */
export class ConsumerFailure extends Error {
  readonly eventId: string;
  readonly consumer: string;
  /** Whether the event is dead-lettered: the consumer continues with the next one. */
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

/** Schedules a retry of an event, or dead-letters it. @returns whether it is dead-lettered */
const writeFailure = async (
  pool: Pool,
  consumer: string,
  eventId: string,
  retryWindowMs: number,
  error: unknown,
): Promise<boolean> => {
  const { rows } = await pool.query<{ isFinal: boolean }>(
    `UPDATE event_inbox SET attempts = attempts + 1, last_error = $3,
       retry_at = now() + make_interval(secs => least(exp(least(attempts, 9)), $4)),
       given_up_at = CASE WHEN attempts + 1 >= $6
         AND received_at < now() - make_interval(secs => $5) THEN now() END
     WHERE consumer = $1 AND event_id = $2 RETURNING given_up_at IS NOT NULL AS "isFinal"`,
    [consumer, eventId, String(error), MAX_PAUSE_S, retryWindowMs / 1_000, MIN_FAILURES],
  );
  return rows[0]?.isFinal ?? false;
};

/**
 * Passes the next event of the inbox to its consumer, and marks it as consumed in the same
 * transaction. One process at a time does so for a consumer, and an event that fails is retried
 * before those that follow, so events are consumed in their order.
 * @returns whether there may be more
 * @throws ConsumerFailure
 */
export const consumeEvent = async (
  pool: Pool,
  consumer: Consumer,
  retryWindowMs = RETRY_WINDOW_MS,
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
    const isFinal = await writeFailure(pool, name, current, retryWindowMs, error);
    throw new ConsumerFailure({ eventId: current, consumer: name, isFinal }, error);
  });
  consumed?.after?.();
  return consumed !== null;
};

/** An event that a consumer failed at until its retry window ended, and skips since then. */
export type DeadLetteredEvent = {
  readonly id: string;
  readonly type: string;
  readonly consumer: string;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

/** The dead-lettered events of one database, oldest first. */
export const listDeadLetteredEvents = async (
  client: ClientBase,
): Promise<readonly DeadLetteredEvent[]> => {
  const { rows } = await client.query<DeadLetteredEvent>(
    `SELECT event_id AS id, envelope->>'type' AS type, consumer, received_at AS "receivedAt",
       attempts, last_error AS "lastError"
     FROM event_inbox JOIN events ON id = event_id
     WHERE given_up_at IS NOT NULL ORDER BY event_inbox.position, consumer`,
  );
  return rows;
};

/**
 * Passes the dead-lettered events of one database to their consumers again, with a new retry window.
 * @returns how many there were
 */
export const retryDeadLetteredEvents = async (client: ClientBase): Promise<number> => {
  const { rowCount } = await client.query(
    `UPDATE event_inbox SET given_up_at = NULL, retry_at = NULL, attempts = 0, received_at = now()
     WHERE given_up_at IS NOT NULL`,
  );
  return rowCount ?? 0;
};
