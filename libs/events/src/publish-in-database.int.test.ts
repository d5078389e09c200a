import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOutbox, type Outbox } from '../test/open-outbox.ts';
import { eventTypes } from './event-types.ts';
import { EVENT_BATCH } from './outbox.ts';
import { publishInDatabase } from './publish-in-database.ts';

let outbox: Outbox;

beforeAll(async () => {
  outbox = await openOutbox();
});

beforeEach(async () => {
  await outbox.database.query('DELETE FROM events');
});

afterAll(() => outbox.close());

const publish = (hasBroker = false) => publishInDatabase(outbox.pool, hasBroker);

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
});

describe('publishing in the database', () => {
  it('takes a hundred events at a time, the oldest first, each once', async () => {
    const ids = await outbox.write(250);
    const counts: number[] = [];
    counts.push((await publish()).length);
    expect(await outbox.unpublished('published_at')).toEqual(ids.slice(EVENT_BATCH));
    while (counts.at(-1) !== 0) counts.push((await publish()).length);
    expect(counts).toEqual([100, 100, 50, 0]);
  });

  it('tells what is counted, in the order of writing', async () => {
    await outbox.write(1);
    await outbox.database.query(
      `INSERT INTO events (id, envelope, created_at) SELECT gen_random_uuid(), json_build_object(
         'type', 'order.cancelled', 'data', json_build_object('cancellationReason', 'EXPIRED')),
         now() - interval '1 minute'`,
    );
    await outbox.write(1);
    const [first, second, third] = await publish();
    expect(first).toEqual({
      type: 'stock.low',
      reason: null,
      lagMs: expect.any(Number),
      cause: null,
    });
    expect(second).toMatchObject({ type: 'order.cancelled', reason: 'EXPIRED' });
    expect(second?.lagMs).toBeGreaterThanOrEqual(60_000);
    expect(third).toMatchObject({ type: 'stock.low' });
  });

  it('marks an event for the broker too, unless there is one', async () => {
    await outbox.write();
    await publish(false);
    expect(await outbox.unpublished('broker_published_at')).toEqual([]);
    const ids = await outbox.write();
    await publish(true);
    expect(await outbox.unpublished('published_at')).toEqual([]);
    expect(await outbox.unpublished('broker_published_at')).toEqual(ids);
  });

  it('is done by one process at a time; the others do not wait', async () => {
    const ids = await outbox.write(3);
    const other = await outbox.pool.connect();
    await other.query('BEGIN');
    await other.query("SELECT pg_advisory_xact_lock(hashtextextended('deliver_events', 0))");
    expect(await publish()).toEqual([]);
    expect(await outbox.unpublished('published_at')).toEqual(ids);
    await other.query('COMMIT');
    other.release();
    expect(await publish()).toHaveLength(3);
  });

  it('publishes each event once when many processes publish', async () => {
    await outbox.write(400);
    const published: number[] = [];
    await eventually(async () => {
      const rounds = await Promise.all(Array.from({ length: 5 }, () => publish()));
      published.push(...rounds.map((events) => events.length));
      expect(await outbox.unpublished('published_at')).toEqual([]);
    });
    expect(published.reduce((sum, count) => sum + count)).toBe(400);
  });

  it('finds no event that another process published after this one had read it', async () => {
    const [id] = await outbox.write();
    const other = await outbox.pool.connect();
    await other.query('BEGIN');
    await other.query('UPDATE events SET published_at = now() WHERE id = $1', [id]);
    // It has the lock and has read the event: it waits for the row.
    const publishing = publish();
    await eventually(async () => {
      const waiting = await outbox.database.query(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    });
    await other.query('COMMIT');
    other.release();
    expect(await publishing).toEqual([]);
  });

  it('delays no event for one whose transaction commits late', async () => {
    const slow = await outbox.writeSlowly();
    await outbox.write();
    expect(await publish()).toHaveLength(1);
    await slow.commit();
    expect(await outbox.unpublished('published_at')).toEqual([slow.id]);
    expect(await publish()).toHaveLength(1);
  });

  it('reads an index that has no published events', async () => {
    await outbox.write(2_000);
    await outbox.database.query('UPDATE events SET published_at = now()');
    await outbox.database.query('ANALYZE events');
    const plan = await outbox.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM events WHERE published_at IS NULL ORDER BY position LIMIT 100`,
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('events_unpublished_idx');
  });
});
