import { randomUUID } from 'node:crypto';
import { makeTestDatabase } from '@cartograph/testing';
import type { CloudEvent } from '../src/cloud-event.ts';
import { openEventPool } from '../src/event-pool.ts';
import { writeEvents, type Transaction } from '../src/outbox.ts';

/** Prisma's $executeRaw on a plain connection: it numbers the values. */
const asTransaction = (
  query: (sql: string, values: unknown[]) => Promise<unknown>,
): Transaction => ({
  $executeRaw: async (sql, ...values) => {
    const text = sql.reduce((whole, part, index) => `${whole}$${index}${part}`);
    await query(text, [...values]);
    return 0;
  },
});

/** A `stock.low` event of a new product. */
export const lowStock = (stock = 3) => {
  const productId = randomUUID();
  return {
    type: 'stock.low',
    subject: productId,
    data: { productId, sku: `sku-${stock}`, stock, threshold: 5 },
  } as const;
};

/** The outbox of a service's database, without the service. */
export const openOutbox = async () => {
  const database = await makeTestDatabase('product');
  // A test may end connections, as a process that dies does.
  const pool = openEventPool(database.url, 5, () => undefined);
  return {
    database,
    pool,
    /** Writes `count` events. @returns their ids, in order */
    write: async (count = 1): Promise<string[]> => {
      const drafts = Array.from({ length: count }, (_, index) => lowStock(index % 5));
      await writeEvents(
        asTransaction((sql, values) => database.query(sql, values)),
        drafts,
      );
      const rows = await database.query<{ id: string }>(
        'SELECT id FROM (SELECT id, position FROM events ORDER BY position DESC LIMIT $1) AS last ORDER BY position',
        [count],
      );
      return rows.map((row) => row.id);
    },
    /** Writes an event in a transaction that stays open. @returns its id and its commit */
    writeSlowly: async (): Promise<{ id: string; commit: () => Promise<void> }> => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await writeEvents(
        asTransaction((sql, values) => client.query(sql, values)),
        [lowStock()],
      );
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM events ORDER BY position DESC LIMIT 1',
      );
      return {
        id: rows[0]?.id ?? '',
        commit: async () => {
          await client.query('COMMIT');
          client.release();
        },
      };
    },
    /** The events that are not marked as published in the database, or to the broker. */
    unpublished: async (mark: 'published_at' | 'broker_published_at'): Promise<string[]> => {
      const rows = await database.query<{ id: string }>(
        `SELECT id FROM events WHERE ${mark} IS NULL ORDER BY position`,
      );
      return rows.map((row) => row.id);
    },
    envelopes: async (): Promise<CloudEvent[]> => {
      const rows = await database.query<{ envelope: CloudEvent }>(
        'SELECT envelope FROM events ORDER BY position',
      );
      return rows.map((row) => row.envelope);
    },
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
};

export type Outbox = Awaited<ReturnType<typeof openOutbox>>;
