import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openDueTable } from '../test/open-due-table.ts';
import { LEASE_MS, makeDueTable, type DueTable } from './due-table.ts';

let rows: Awaited<ReturnType<typeof openDueTable>>;
let table: DueTable;

beforeAll(async () => {
  rows = await openDueTable();
  table = makeDueTable(rows.pool, { table: 'parcels', id: 'parcel' });
});

beforeEach(async () => {
  await rows.database.query('DELETE FROM parcels');
});

afterAll(() => rows.close());

/** A stored time is rounded to milliseconds: `now()` may be stored as a little later than it is. */
const DUE_NOW = "due_at = now() - interval '1 ms'";

const DONE = { dueIn: null, attempts: 0, hasSince: false, error: null, isDead: false };

/** Claims the only row that is due. */
const claimOne = async (of = table) => {
  const [row, ...others] = await of.claim(10);
  if (!row || others.length > 0) throw new Error('not one row was due');
  return row;
};

describe('a claim', () => {
  it('takes what is due, oldest first, for the time of a lease', async () => {
    const ids = [await rows.add('old', 60), await rows.add('new', 1)];
    await rows.add('later', -60);
    await rows.add('done');
    await rows.change('done', 'due_at = NULL');
    const claimed = [...(await table.claim(1)), ...(await table.claim(10))];
    expect(claimed.map(({ id }) => id)).toEqual(ids);
    expect(claimed[0]?.lagMs).toBeGreaterThan(60_000);
    expect(claimed[0]?.lagMs).toBeLessThan(90_000);
    expect(claimed[0]?.attempts).toBe(1);
    expect(await table.claim(10)).toEqual([]);
    const { dueIn } = await rows.read('old');
    expect(dueIn).toBeGreaterThan(LEASE_MS / 1_000 - 10);
    expect(dueIn).toBeLessThanOrEqual(LEASE_MS / 1_000);
  });

  it('never waits for a row that another transaction writes, and never takes it', async () => {
    await rows.add('busy');
    const free = await rows.add('free');
    const client = await rows.pool.connect();
    await client.query("BEGIN; UPDATE parcels SET due_error = 'busy' WHERE name = 'busy'");
    expect((await table.claim(10)).map(({ id }) => id)).toEqual([free]);
    await client.query("UPDATE parcels SET due_at = NULL WHERE name = 'busy'; COMMIT");
    client.release();
    expect(await table.claim(10)).toEqual([]);
  });

  it('gives each row to one of many that claim at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, (_, index) => rows.add(`p${index}`)));
    const claims = await Promise.all(Array.from({ length: 30 }, () => table.claim(3)));
    const claimed = claims.flat().map(({ id }) => id);
    expect(new Set(claimed).size).toBe(claimed.length);
    const rest = (await table.claim(100)).map(({ id }) => id);
    expect([...claimed, ...rest].toSorted()).toEqual(ids.toSorted());
  });

  it('takes a row again when its lease has ended, and counts that', async () => {
    await rows.add('abandoned');
    await claimOne();
    await rows.change('abandoned', "due_at = now() - interval '1 ms'");
    expect(await claimOne()).toMatchObject({ attempts: 2 });
  });

  it('is limited by a condition', async () => {
    const limited = { id: 'parcel', table: 'parcels', name: 'red' };
    const red = makeDueTable(rows.pool, { ...limited, where: "name = 'red'" });
    await rows.add('blue', 60);
    const id = await rows.add('red', 60);
    expect(await red.count()).toEqual({ overdue: 1, dead: 0 });
    expect(await claimOne(red)).toMatchObject({ id });
    expect(await red.count()).toEqual({ overdue: 0, dead: 0 });
    expect(await table.count()).toEqual({ overdue: 1, dead: 0 });
  });

  it('of rows that have just become due is no sign of a fault: they are not overdue', async () => {
    await rows.add('just due', 1);
    expect(await table.count()).toEqual({ overdue: 0, dead: 0 });
    await rows.change('just due', "due_at = now() - interval '11 seconds'");
    expect(await table.count()).toEqual({ overdue: 1, dead: 0 });
  });

  it('reads an index that has no other rows', async () => {
    await rows.database.query(
      "INSERT INTO parcels (name) SELECT 'done' FROM generate_series(1, 5000)",
    );
    await rows.database.query('ANALYZE parcels');
    const plan = await rows.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT parcel FROM parcels WHERE due_at <= now() AND dead_at IS NULL AND (true)
       ORDER BY due_at LIMIT 4 FOR NO KEY UPDATE SKIP LOCKED`,
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain(
      'Index Scan using parcels_due_idx',
    );
  });
});

describe('a statement', () => {
  it('is prepared, whatever the table is called', async () => {
    const named = { table: 'parcels', id: 'parcel', name: 'parcels of a peer' };
    await makeDueTable(rows.pool, named).claim(1);
    // The pool may use another connection for this one: then it prepares there.
    await eventually(async () => {
      await makeDueTable(rows.pool, named).claim(1);
      const { rows: found } = await rows.pool.query(
        "SELECT name FROM pg_prepared_statements WHERE name = 'due.claim.parcels_of_a_peer'",
      );
      expect(found).toHaveLength(1);
    });
  });
});

describe('the end of a step that succeeded', () => {
  it('clears the row, or makes it due at the given time', async () => {
    await rows.add('done');
    await rows.change('done', "due_since = now(), due_error = 'no luck'");
    const row = await claimOne();
    await table.finish(row, new Date(Date.now() + 60_000));
    const { dueIn } = await rows.read('done');
    expect(dueIn).toBeGreaterThan(50);
    expect(dueIn).toBeLessThan(61);
    await rows.change('done', DUE_NOW);
    await table.finish(await claimOne(), null);
    expect(await rows.read('done')).toEqual(DONE);
  });

  it('is due a second later at the earliest, also for a process whose clock is behind', async () => {
    await rows.add('behind');
    await table.finish(await claimOne(), new Date(Date.now() - 60_000));
    const { dueIn } = await rows.read('behind');
    expect(dueIn).toBeGreaterThan(-30);
    // A second, rounded to the next millisecond as it is stored.
    expect(dueIn).toBeLessThan(1.001);
  });

  it('does not overwrite a wake-up, or what the step itself wrote', async () => {
    await rows.add('woken');
    const woken = await claimOne();
    await rows.change('woken', `${DUE_NOW}, due_attempts = 0`);
    await table.finish(woken, null);
    expect(await claimOne()).toMatchObject({ id: woken.id, attempts: 1 });

    await rows.change('woken', "due_at = now() + interval '15 seconds', due_attempts = 0");
    await table.finish(woken, null);
    expect((await rows.read('woken')).dueIn).toBeGreaterThan(5);
  });
});

describe('the end of a step that failed', () => {
  /** Claims the row and lets it fail. */
  const failOne = async (of = table) => of.fail(await claimOne(of), new Error('no luck'));
  const makeDue = () => rows.change('bad', DUE_NOW);

  it('is a retry after a pause that grows to twenty seconds', async () => {
    await rows.add('bad');
    const limits = [Math.exp(1), Math.exp(2), 20, 20];
    for (const [index, limit] of limits.entries()) {
      await makeDue();
      expect(await failOne()).toBe('RETRIED');
      const { dueIn, ...row } = await rows.read('bad');
      expect(dueIn).toBeLessThanOrEqual(limit);
      expect(dueIn).toBeGreaterThan(limit / 2 - 1);
      const error = 'Error: no luck';
      expect(row).toEqual({ attempts: index + 1, hasSince: true, error, isDead: false });
    }
    await rows.change('bad', `${DUE_NOW}, due_attempts = 1000000`);
    expect(await failOne()).toBe('RETRIED');
  });

  it('is final after the retry window, and not before the third attempt', async () => {
    const brief = { table: 'parcels', id: 'parcel', retryWindowMs: 1_000 };
    const of = makeDueTable(rows.pool, brief);
    await rows.add('bad');
    const ends = [await failOne(of)];
    await rows.change('bad', "due_since = due_since - interval '2 seconds'");
    for (let attempt = 2; attempt <= 3; attempt += 1) {
      await makeDue();
      ends.push(await failOne(of));
    }
    expect(ends).toEqual(['RETRIED', 'RETRIED', 'DEAD']);
    await makeDue();
    expect(await of.claim(10)).toEqual([]);
    expect(await of.count()).toEqual({ overdue: 0, dead: 1 });
  });

  it('is not final within the window, however many attempts there were', async () => {
    await rows.add('bad');
    await rows.change('bad', "due_attempts = 500, due_since = now() - interval '11 hours'");
    expect(await failOne()).toBe('RETRIED');
  });

  it('does not overwrite a wake-up', async () => {
    await rows.add('bad');
    const row = await claimOne();
    await rows.change('bad', `${DUE_NOW}, due_attempts = 0`);
    expect(await table.fail(row, new Error('no luck'))).toBe('LOST');
    expect(await rows.read('bad')).toMatchObject({ attempts: 0, hasSince: false, error: null });
  });
});
