import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import type { Publisher } from './publisher.ts';
import { consumeEvent } from './consume-event.ts';
import type { Consumer } from './consumer.ts';
import { publishEvents } from './publish-events.ts';
import { eventTypes } from './event-types.ts';
import { makeInbox } from './make-inbox.ts';

let outbox: Outbox;

beforeAll(async () => {
  outbox = await openOutbox();
  await outbox.database.query('CREATE TABLE letters (event_id uuid)');
});

beforeEach(async () => {
  await outbox.database.query('DELETE FROM events');
  await outbox.database.query('DELETE FROM letters');
});

afterAll(() => outbox.close());

const measured = { carried: () => undefined };

/** A publisher that notes what it is handed, and does as `meanwhile` says. */
const makeNotingCarrier = (meanwhile: () => Promise<void> = async () => undefined) => {
  const carried: string[] = [];
  const publisher: Publisher = {
    name: 'noting',
    carry: async (events) => {
      carried.push(...events.map((event) => event.id));
      await meanwhile();
    },
    close: async () => undefined,
  };
  return { carried, publisher };
};

const deliver = async (...publishers: Publisher[]) => {
  while (await publishEvents(outbox.pool, publishers, measured));
};

/** Consumes what is in a consumer's inbox. */
const consume = async (consumer: Consumer) => {
  while (await consumeEvent(outbox.pool, consumer));
};

/** Writes a letter for each event, as a consumer with effects does. */
const writer: Consumer = {
  name: 'writer',
  types: ['stock.low'],
  handle: async ({ id }, client) => {
    await client.query('INSERT INTO letters VALUES ($1)', [id]);
  },
};

const letters = async () => {
  const rows = await outbox.database.query<{ event_id: string }>(
    'SELECT event_id FROM letters ORDER BY ctid',
  );
  return rows.map((row) => row.event_id);
};

describe('what is in the outbox', () => {
  it('is in an envelope that says what was promised of its type', async () => {
    const [id] = await outbox.write();
    const [envelope] = await outbox.envelopes();
    expect(envelope).toEqual({
      specversion: '1.0',
      id,
      source: '/product',
      type: 'stock.low',
      subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
      data: expect.anything(),
    });
    expect(eventTypes['stock.low'].data.safeParse(envelope?.data).success).toBe(true);
  });

  it('is carried once, in the order of writing, and marked then', async () => {
    const ids = await outbox.write(250);
    const { carried, publisher } = makeNotingCarrier();
    await deliver(publisher);
    expect(carried).toEqual(ids);
    expect(await outbox.unpublished()).toEqual([]);
    await deliver(publisher);
    expect(carried).toEqual(ids);
  });

  it('is carried by one process at a time', async () => {
    const ids = await outbox.write(10);
    const second = makeNotingCarrier();
    const first = makeNotingCarrier(() => deliver(second.publisher));
    await deliver(first.publisher);
    expect([first.carried, second.carried]).toEqual([ids, []]);
  });

  it('waits for a transaction that is slow to end, and holds up nobody else', async () => {
    const { carried, publisher } = makeNotingCarrier();
    const slow = await outbox.writeSlowly();
    const [quick] = await outbox.write();
    await deliver(publisher);
    expect(carried).toEqual([quick]);
    await slow.commit();
    await deliver(publisher);
    expect(carried).toEqual([quick, slow.id]);
  });

  it('stays while a publisher does not take it, all of it, and in order', async () => {
    const ids = await outbox.write(3);
    let isDown = true;
    const { carried, publisher } = makeNotingCarrier(async () => {
      if (isDown) throw new Error('broker down');
    });
    await expect(deliver(publisher)).rejects.toThrow('broker down');
    expect(await outbox.unpublished()).toEqual(ids);
    isDown = false;
    await deliver(publisher);
    expect(carried).toEqual([...ids, ...ids]);
  });
});

describe('a change of the outbox table in the middle of a delivery', () => {
  it('is made at once, and what was under way is carried after it', async () => {
    const ids = await outbox.write(3);
    const migration = new Client(outbox.database.url);
    await migration.connect();
    let change: Promise<unknown> | undefined;
    const changing = makeNotingCarrier(async () => {
      change = migration.query('ALTER TABLE events ALTER COLUMN envelope SET NOT NULL');
      await eventually(async () => {
        const waiting = await outbox.database.query(
          "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass",
        );
        expect(waiting).toHaveLength(1);
      });
    });
    const inbox = makeInbox(outbox.pool, [writer]);
    await expect(deliver(changing.publisher, inbox)).rejects.toThrow('lock timeout');
    await change;
    await migration.end();
    await deliver(inbox);
    await consume(writer);
    expect(await letters()).toEqual(ids);
  });
});

describe('a process that dies between carrying and marking', () => {
  it('carries again, and what it carried is consumed once', async () => {
    const ids = await outbox.write(5);
    const inbox = makeInbox(outbox.pool, [writer]);
    // The connection goes with the process, as here, in the middle of the round.
    const dying = makeNotingCarrier(async () => {
      await outbox.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
    });
    await expect(deliver(inbox, dying.publisher)).rejects.toThrow();
    expect(dying.carried).toEqual(ids);
    expect(await outbox.unpublished()).toEqual(ids);
    await consume(writer);
    expect(await letters()).toEqual(ids);

    const living = makeNotingCarrier();
    await deliver(inbox, living.publisher);
    expect(living.carried).toEqual(ids);
    expect(await outbox.unpublished()).toEqual([]);
    await consume(writer);
    expect(await letters()).toEqual(ids);
  });
});
