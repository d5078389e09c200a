import type { Pool } from 'pg';
import type { Publisher } from './publisher.ts';
import type { Consumer } from './consumer.ts';

/**
 * The publisher that needs nothing but the service's own database: each event is put into the inbox
 * of each consumer that listens to its type. An event that comes again is there already.
 */
export const makeInbox = (pool: Pool, consumers: readonly Consumer[]): Publisher => ({
  name: 'inbox',
  carry: async (events) => {
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
