import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import { publishToBroker, type Publisher } from './publish-to-broker.ts';

let outbox: Outbox;

beforeAll(async () => {
  outbox = await openOutbox();
});

beforeEach(async () => {
  await outbox.database.query('DELETE FROM events');
});

afterAll(() => outbox.close());

/** A publisher that records what it publishes, and runs `meanwhile`. */
const makeRecorder = (meanwhile: () => Promise<void> = async () => undefined) => {
  const published: string[] = [];
  const publisher: Publisher = {
    name: 'recorder',
    publish: async (event) => {
      published.push(event.id);
      await meanwhile();
    },
    close: async () => undefined,
  };
  return { published, publisher };
};

const publish = async (publisher: Publisher) => {
  while ((await publishToBroker(outbox.pool, publisher)) > 0);
};

const unpublished = () => outbox.unpublished('broker_published_at');

describe('publishing to the broker', () => {
  it('sends each event once, in the order of writing, and marks it', async () => {
    const ids = await outbox.write(250);
    const { published, publisher } = makeRecorder();
    await publish(publisher);
    expect(published).toEqual(ids);
    expect(await unpublished()).toEqual([]);
    await publish(publisher);
    expect(published).toEqual(ids);
    // The mark of the database is not its business.
    expect(await outbox.unpublished('published_at')).toEqual(ids);
  });

  it('is done by one process at a time', async () => {
    const ids = await outbox.write(10);
    const second = makeRecorder();
    const first = makeRecorder(() => publish(second.publisher));
    await publish(first.publisher);
    expect([first.published, second.published]).toEqual([ids, []]);
  });

  it('delays no event for one whose transaction commits late', async () => {
    const { published, publisher } = makeRecorder();
    const slow = await outbox.writeSlowly();
    const [quick] = await outbox.write();
    await publish(publisher);
    expect(published).toEqual([quick]);
    await slow.commit();
    await publish(publisher);
    expect(published).toEqual([quick, slow.id]);
  });

  it('sends only the events again, in order, that a failing broker did not get', async () => {
    const ids = await outbox.write(4);
    const { published, publisher } = makeRecorder(async () => {
      if (published.length === 3) throw new Error('broker down');
    });
    await expect(publish(publisher)).rejects.toThrow('broker down');
    expect(await unpublished()).toEqual(ids.slice(2));
    await publish(publisher);
    expect(published).toEqual([...ids.slice(0, 3), ...ids.slice(2)]);
    expect(await unpublished()).toEqual([]);
  });

  it('ends its transaction when its time is over, and continues in the next one', async () => {
    const ids = await outbox.write(3);
    const { published, publisher } = makeRecorder();
    expect(await publishToBroker(outbox.pool, publisher, 0)).toBe(1);
    expect([published, await unpublished()]).toEqual([ids.slice(0, 1), ids.slice(1)]);
    await publish(publisher);
    expect(published).toEqual(ids);
  });

  it('sends all events again after a process died before it marked them', async () => {
    const ids = await outbox.write(5);
    // The connection of a process that dies is closed, as here in the middle of the round.
    const dying = makeRecorder(async () => {
      await outbox.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
    });
    await expect(publish(dying.publisher)).rejects.toThrow();
    expect(await unpublished()).toEqual(ids);
    const living = makeRecorder();
    await publish(living.publisher);
    expect([dying.published, living.published]).toEqual([ids, ids]);
    expect(await unpublished()).toEqual([]);
  });

  it('delays no schema change of the table', async () => {
    const ids = await outbox.write(3);
    const migration = new Client(outbox.database.url);
    await migration.connect();
    const { published, publisher } = makeRecorder(async () => {
      await migration.query('ALTER TABLE events ALTER COLUMN envelope SET NOT NULL');
    });
    await publish(publisher);
    await migration.end();
    expect(published).toEqual(ids);
    expect(await unpublished()).toEqual([]);
  });
});
