import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import { eventTypes } from './event-types.ts';
import { consumeEvent, makeInbox, type Consumer } from './inbox.ts';
import { publishEvents, type Publisher } from './outbox.ts';

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

/** A publisher that records what it publishes, and runs `meanwhile`. */
const makeRecorder = (meanwhile: () => Promise<void> = async () => undefined) => {
  const published: string[] = [];
  const publisher: Publisher = {
    name: 'recorder',
    publish: async (events) => {
      published.push(...events.map((event) => event.id));
      await meanwhile();
    },
    close: async () => undefined,
  };
  return { published, publisher };
};

const publish = async (...publishers: Publisher[]) => {
  while (await publishEvents(outbox.pool, publishers, () => undefined));
};

/** Consumes all events of a consumer's inbox. */
const consume = async (consumer: Consumer) => {
  while (await consumeEvent(outbox.pool, consumer));
};

/** A consumer that writes a row for each event. */
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

describe('an event in the outbox', () => {
  it('has an envelope with the documented data of its type', async () => {
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

  it('is published once, in the order of writing, and marked', async () => {
    const ids = await outbox.write(250);
    const { published, publisher } = makeRecorder();
    await publish(publisher);
    expect(published).toEqual(ids);
    expect(await outbox.unpublished()).toEqual([]);
    await publish(publisher);
    expect(published).toEqual(ids);
  });

  it('is published by one process at a time', async () => {
    const ids = await outbox.write(10);
    const second = makeRecorder();
    const first = makeRecorder(() => publish(second.publisher));
    await publish(first.publisher);
    expect([first.published, second.published]).toEqual([ids, []]);
  });

  it('waits for its own transaction to commit, and delays no other event', async () => {
    const { published, publisher } = makeRecorder();
    const slow = await outbox.writeSlowly();
    const [quick] = await outbox.write();
    await publish(publisher);
    expect(published).toEqual([quick]);
    await slow.commit();
    await publish(publisher);
    expect(published).toEqual([quick, slow.id]);
  });

  it('stays while a publisher fails, with all others, in order', async () => {
    const ids = await outbox.write(3);
    let isDown = true;
    const { published, publisher } = makeRecorder(async () => {
      if (isDown) throw new Error('broker down');
    });
    await expect(publish(publisher)).rejects.toThrow('broker down');
    expect(await outbox.unpublished()).toEqual(ids);
    isDown = false;
    await publish(publisher);
    expect(published).toEqual([...ids, ...ids]);
  });
});

describe('a schema change of the outbox table while events are published', () => {
  it('is made immediately, and the events are published after it', async () => {
    const ids = await outbox.write(3);
    const migration = new Client(outbox.database.url);
    await migration.connect();
    let change: Promise<unknown> | undefined;
    const changing = makeRecorder(async () => {
      change = migration.query('ALTER TABLE events ALTER COLUMN envelope SET NOT NULL');
      await eventually(async () => {
        const waiting = await outbox.database.query(
          "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass",
        );
        expect(waiting).toHaveLength(1);
      });
    });
    const inbox = makeInbox(outbox.pool, [writer]);
    await expect(publish(changing.publisher, inbox)).rejects.toThrow('lock timeout');
    await change;
    await migration.end();
    await publish(inbox);
    await consume(writer);
    expect(await letters()).toEqual(ids);
  });
});

describe('a process that dies between publishing and marking', () => {
  it('publishes again, and each event is consumed once', async () => {
    const ids = await outbox.write(5);
    const inbox = makeInbox(outbox.pool, [writer]);
    // The connection of a process that dies is closed, as here in the middle of the round.
    const dying = makeRecorder(async () => {
      await outbox.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
    });
    await expect(publish(inbox, dying.publisher)).rejects.toThrow();
    expect(dying.published).toEqual(ids);
    expect(await outbox.unpublished()).toEqual(ids);
    await consume(writer);
    expect(await letters()).toEqual(ids);

    const living = makeRecorder();
    await publish(inbox, living.publisher);
    expect(living.published).toEqual(ids);
    expect(await outbox.unpublished()).toEqual([]);
    await consume(writer);
    expect(await letters()).toEqual(ids);
  });
});
