import { randomUUID } from 'node:crypto';
import { openPool } from '@cartograph/postgres';
import { makeTestDatabase } from '@cartograph/testing';
import { expect, it } from 'vitest';
import { makePrismaProviderEventStore } from '../src/db/make-prisma-provider-event-store.ts';
import type { Database } from '../src/db/make-database.ts';

/** How often the same event is sent at the same time, and for how many events. */
const REPEATS = 6;
const EVENTS = 150;

it('the same event at the same time is stored once, and never fails', async () => {
  const database = await makeTestDatabase('payment');
  const pool = openPool({
    name: 'events',
    databaseUrl: database.url,
    max: REPEATS,
    onLost: (error) => expect.fail(error.message),
  });
  const { insertEvent } = makePrismaProviderEventStore({} as Database, pool);
  try {
    for (let sent = 0; sent < EVENTS; sent += 1) {
      // Its id is made of the provider's, so two unique keys conflict.
      const event = {
        id: randomUUID(),
        provider: 'simulator',
        eventId: `evt_${sent}`,
        chargeKey: null,
        chargeReference: null,
        receivedAt: new Date(),
      };
      const results = await Promise.all(
        Array.from({ length: REPEATS }, () => insertEvent(event, 0)),
      );
      expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    }
  } finally {
    await pool.end();
    await database.drop();
  }
});
