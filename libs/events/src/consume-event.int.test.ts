import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import { consumeEvent } from './consume-event.ts';
import type { Consumer } from './consumer.ts';
import { listDeadLetteredEvents, retryDeadLetteredEvents } from './dead-lettered-events.ts';
import { publishEvents } from './publish-events.ts';
import { forgetEvents } from './purge-events.ts';
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

/** A consumer that notes what it is told, writes it down, and then fails as `mood` says. */
const makeWriter = (name = 'writer', mood: (id: string) => void = () => undefined) => {
  const told: string[] = [];
  const after: string[] = [];
  const consumer: Consumer = {
    name,
    types: ['stock.low'],
    handle: async ({ id }, client) => {
      told.push(id);
      await client.query('INSERT INTO letters VALUES ($1)', [id]);
      mood(id);
      return () => void after.push(id);
    },
  };
  return { told, after, consumer };
};

const deliverTo = async (...consumers: Consumer[]) => {
  const inbox = makeInbox(outbox.pool, consumers);
  while (await publishEvents(outbox.pool, [inbox], { carried: () => undefined }));
};

const consume = async (consumer: Consumer) => {
  while (await consumeEvent(outbox.pool, consumer));
};

const letters = async () => {
  const rows = await outbox.database.query<{ event_id: string }>(
    'SELECT event_id FROM letters ORDER BY ctid',
  );
  return rows.map((row) => row.event_id);
};

/** Times are kept to the millisecond, rounded: now may be a little later than now. */
const hurry = () =>
  outbox.database.query("UPDATE event_inbox SET retry_at = now() - interval '1 second'");

/** As if all of it had waited for longer than the patience. */
const ageInbox = () =>
  outbox.database.query("UPDATE event_inbox SET received_at = now() - interval '13 hours'");

describe('a consumer', () => {
  it('is told each event that it listens to once, in order, and no other', async () => {
    const ids = await outbox.write(20);
    const [writer, deaf] = [makeWriter(), makeWriter('deaf')];
    const orders: Consumer = { ...deaf.consumer, types: ['order.created'] };
    await deliverTo(writer.consumer, orders);
    await consume(writer.consumer);
    await consume(orders);
    expect([writer.told, writer.after, await letters()]).toEqual([ids, ids, ids]);
    expect(deaf.told).toEqual([]);
    await consume(writer.consumer);
    expect(writer.told).toEqual(ids);
  });

  it('that runs in several processes is told each event by one of them', async () => {
    const ids = await outbox.write(30);
    const writers = [makeWriter(), makeWriter(), makeWriter()];
    const [first] = writers;
    if (first) await deliverTo(first.consumer);
    for (;;) {
      await Promise.all(writers.map(({ consumer }) => consume(consumer)));
      if ((await letters()).length >= ids.length) break;
    }
    expect(await letters()).toEqual(ids);
    expect(writers.flatMap(({ after }) => after).toSorted()).toEqual(ids.toSorted());
  });

  it('that fails leaves nothing behind, and is told again before what follows', async () => {
    const [first = '', bad = '', last = ''] = await outbox.write(3);
    let isBroken = true;
    const { told, after, consumer } = makeWriter('writer', (id) => {
      if (id === bad && isBroken) throw new Error('no stamps');
    });
    await deliverTo(consumer);
    await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal: false });
    expect([await letters(), after]).toEqual([[first], [first]]);
    // It is not asked again at once.
    await consume(consumer);
    expect(told).toEqual([first, bad]);
    const [entry] = await outbox.database.query(
      `SELECT attempts, last_error, retry_at > now() AS waits FROM event_inbox
       WHERE event_id = $1`,
      [bad],
    );
    expect(entry).toEqual({ attempts: 1, last_error: 'Error: no stamps', waits: true });
    isBroken = false;
    await hurry();
    await consume(consumer);
    expect([await letters(), after]).toEqual([
      [first, bad, last],
      [first, bad, last],
    ]);
  });

  it('holds up no other consumer by its failures', async () => {
    const ids = await outbox.write(2);
    const broken = makeWriter('broken', () => {
      throw new Error('no stamps');
    });
    const sound = makeWriter('sound');
    await deliverTo(broken.consumer, sound.consumer);
    await expect(consume(broken.consumer)).rejects.toThrow();
    await consume(sound.consumer);
    expect(sound.after).toEqual(ids);
  });

  it('goes on without an event when its patience is over, until a person says otherwise', async () => {
    const [bad = '', next = ''] = await outbox.write(2);
    let isBroken = true;
    const { after, consumer } = makeWriter('writer', (id) => {
      if (id === bad && isBroken) throw new Error('no stamps');
    });
    await deliverTo(consumer);
    await ageInbox();
    for (const isFinal of [false, false, true]) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal });
      await hurry();
    }
    await consume(consumer);
    expect(after).toEqual([next]);

    const client = new Client(outbox.database.url);
    await client.connect();
    try {
      expect(await listDeadLetteredEvents(client)).toEqual([
        {
          id: bad,
          type: 'stock.low',
          consumer: 'writer',
          receivedAt: expect.any(Date),
          attempts: 3,
          lastError: 'Error: no stamps',
        },
      ]);
      isBroken = false;
      expect(await retryDeadLetteredEvents(client)).toBe(1);
      expect(await listDeadLetteredEvents(client)).toEqual([]);
    } finally {
      await client.end();
    }
    await consume(consumer);
    expect(after).toEqual([next, bad]);
  });
});

describe('an event that waited behind one that was given up', () => {
  it('is tried again like any other, however old it is by then', async () => {
    const [bad = '', next = ''] = await outbox.write(2);
    const broken = new Set([bad, next]);
    const { after, consumer } = makeWriter('writer', (id) => {
      if (broken.has(id)) throw new Error('no stamps');
    });
    await deliverTo(consumer);
    await ageInbox();
    for (const isFinal of [false, false, true]) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal });
      await hurry();
    }
    await expect(consume(consumer)).rejects.toMatchObject({ eventId: next, isFinal: false });
    broken.clear();
    await hurry();
    await consume(consumer);
    expect(after).toEqual([next]);
  });
});

describe('a young event', () => {
  it('is not given up, however often its consumer fails at it', async () => {
    const [bad = ''] = await outbox.write();
    const { consumer } = makeWriter('writer', () => {
      throw new Error('no stamps');
    });
    await deliverTo(consumer);
    for (let failure = 1; failure <= 5; failure += 1) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal: false });
      await hurry();
    }
  });
});

describe('old events', () => {
  it('are forgotten when they were carried and consumed, and not before', async () => {
    const [consumed = '', waiting = '', young = ''] = await outbox.write(3);
    const { consumer } = makeWriter();
    await deliverTo(consumer);
    await consumeEvent(outbox.pool, consumer);
    const [uncarried = ''] = await outbox.write();
    await outbox.database.query(
      `UPDATE events SET created_at = now() - interval '31 days',
         published_at = published_at - interval '31 days' WHERE id <> $1`,
      [young],
    );
    await forgetEvents(outbox.pool, 30 * 24 * 3_600_000);
    const left = (await outbox.envelopes()).map((event) => event.id);
    expect(left).toEqual([waiting, young, uncarried]);
    expect(left).not.toContain(consumed);
  });
});
