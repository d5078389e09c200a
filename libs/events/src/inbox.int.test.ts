import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import {
  consumeEvent,
  listDeadLetteredEvents,
  makeInbox,
  retryDeadLetteredEvents,
  type Consumer,
} from './inbox.ts';
import { publishEvents, purgeEvents } from './outbox.ts';

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

/** A consumer that records each event, writes a row for it, and then calls `check`, which may throw. */
const makeWriter = (name = 'writer', check: (id: string) => void = () => undefined) => {
  const received: string[] = [];
  const after: string[] = [];
  const consumer: Consumer = {
    name,
    types: ['stock.low'],
    handle: async ({ id }, client) => {
      received.push(id);
      await client.query('INSERT INTO letters VALUES ($1)', [id]);
      check(id);
      return () => void after.push(id);
    },
  };
  return { received, after, consumer };
};

const publishTo = async (...consumers: Consumer[]) => {
  const inbox = makeInbox(outbox.pool, consumers);
  while (await publishEvents(outbox.pool, [inbox], () => undefined));
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

/** A Date is rounded to milliseconds, so now() may be a little earlier than it. */
const makeDue = () =>
  outbox.database.query("UPDATE event_inbox SET retry_at = now() - interval '1 second'");

/** As if all events had waited for longer than the retry window. */
const ageInbox = () =>
  outbox.database.query("UPDATE event_inbox SET received_at = now() - interval '13 hours'");

describe('a consumer', () => {
  it('gets each event of its types once, in order, and no other', async () => {
    const ids = await outbox.write(20);
    const [writer, other] = [makeWriter(), makeWriter('other')];
    const orders: Consumer = { ...other.consumer, types: ['order.created'] };
    await publishTo(writer.consumer, orders);
    await consume(writer.consumer);
    await consume(orders);
    expect([writer.received, writer.after, await letters()]).toEqual([ids, ids, ids]);
    expect(other.received).toEqual([]);
    await consume(writer.consumer);
    expect(writer.received).toEqual(ids);
  });

  it('that runs in several processes gets each event in one of them', async () => {
    const ids = await outbox.write(30);
    const writers = [makeWriter(), makeWriter(), makeWriter()];
    const [first] = writers;
    if (first) await publishTo(first.consumer);
    for (;;) {
      await Promise.all(writers.map(({ consumer }) => consume(consumer)));
      if ((await letters()).length >= ids.length) break;
    }
    expect(await letters()).toEqual(ids);
    expect(writers.flatMap(({ after }) => after).toSorted()).toEqual(ids.toSorted());
  });

  it('that fails writes nothing, and gets the event again before those that follow', async () => {
    const [first = '', bad = '', last = ''] = await outbox.write(3);
    let isBroken = true;
    const { received, after, consumer } = makeWriter('writer', (id) => {
      if (id === bad && isBroken) throw new Error('no stamps');
    });
    await publishTo(consumer);
    await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal: false });
    expect([await letters(), after]).toEqual([[first], [first]]);
    // It is not retried immediately.
    await consume(consumer);
    expect(received).toEqual([first, bad]);
    const [entry] = await outbox.database.query(
      `SELECT attempts, last_error, retry_at > now() AS waits FROM event_inbox
       WHERE event_id = $1`,
      [bad],
    );
    expect(entry).toEqual({ attempts: 1, last_error: 'Error: no stamps', waits: true });
    isBroken = false;
    await makeDue();
    await consume(consumer);
    expect([await letters(), after]).toEqual([
      [first, bad, last],
      [first, bad, last],
    ]);
  });

  it('does not delay another consumer when it fails', async () => {
    const ids = await outbox.write(2);
    const broken = makeWriter('broken', () => {
      throw new Error('no stamps');
    });
    const healthy = makeWriter('healthy');
    await publishTo(broken.consumer, healthy.consumer);
    await expect(consume(broken.consumer)).rejects.toThrow();
    await consume(healthy.consumer);
    expect(healthy.after).toEqual(ids);
  });

  it('skips an event when its retry window ends, until an operator retries it', async () => {
    const [bad = '', next = ''] = await outbox.write(2);
    let isBroken = true;
    const { after, consumer } = makeWriter('writer', (id) => {
      if (id === bad && isBroken) throw new Error('no stamps');
    });
    await publishTo(consumer);
    await ageInbox();
    for (const isFinal of [false, false, true]) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal });
      await makeDue();
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

describe('an event that waited behind a dead-lettered one', () => {
  it('is retried like any other, however old it is', async () => {
    const [bad = '', next = ''] = await outbox.write(2);
    const broken = new Set([bad, next]);
    const { after, consumer } = makeWriter('writer', (id) => {
      if (broken.has(id)) throw new Error('no stamps');
    });
    await publishTo(consumer);
    await ageInbox();
    for (const isFinal of [false, false, true]) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal });
      await makeDue();
    }
    await expect(consume(consumer)).rejects.toMatchObject({ eventId: next, isFinal: false });
    broken.clear();
    await makeDue();
    await consume(consumer);
    expect(after).toEqual([next]);
  });
});

describe('an event in its retry window', () => {
  it('is not dead-lettered, however often its consumer fails', async () => {
    const [bad = ''] = await outbox.write();
    const { consumer } = makeWriter('writer', () => {
      throw new Error('no stamps');
    });
    await publishTo(consumer);
    for (let failure = 1; failure <= 5; failure += 1) {
      await expect(consume(consumer)).rejects.toMatchObject({ eventId: bad, isFinal: false });
      await makeDue();
    }
  });
});

describe('old events', () => {
  it('are purged after they were published and consumed, not before', async () => {
    const [consumed = '', waiting = '', young = ''] = await outbox.write(3);
    const { consumer } = makeWriter();
    await publishTo(consumer);
    await consumeEvent(outbox.pool, consumer);
    const [unpublished = ''] = await outbox.write();
    await outbox.database.query(
      `UPDATE events SET created_at = now() - interval '31 days',
         published_at = published_at - interval '31 days' WHERE id <> $1`,
      [young],
    );
    await purgeEvents(outbox.pool, 30 * 24 * 3_600_000);
    const left = (await outbox.envelopes()).map((event) => event.id);
    expect(left).toEqual([waiting, young, unpublished]);
    expect(left).not.toContain(consumed);
  });
});
