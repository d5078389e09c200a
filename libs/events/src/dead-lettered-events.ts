import type { ClientBase } from 'pg';

/** An event that a consumer failed at until the patience ended, and goes on without. */
export type DeadLetteredEvent = {
  readonly id: string;
  readonly type: string;
  readonly consumer: string;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

/** The events of one database that consumers gave up, oldest first. */
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
 * Hands the events of one database that consumers gave up to them again; their patience begins
 * anew. @returns how many there were
 */
export const retryDeadLetteredEvents = async (client: ClientBase): Promise<number> => {
  const { rowCount } = await client.query(
    `UPDATE event_inbox SET given_up_at = NULL, retry_at = NULL, attempts = 0, received_at = now()
     WHERE given_up_at IS NOT NULL`,
  );
  return rowCount ?? 0;
};
