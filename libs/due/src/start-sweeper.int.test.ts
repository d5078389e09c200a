import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { eventually } from '@cartograph/testing';
import { openDueTable } from '../test/open-due-table.ts';
import { makeDueTable } from './due-table.ts';
import { startSweeper } from './start-sweeper.ts';
import type { Sweeper } from './sweep-table.ts';

let rows: Awaited<ReturnType<typeof openDueTable>>;
let sweepers: Sweeper[] = [];
let lines: string[] = [];

beforeAll(async () => {
  rows = await openDueTable();
});

afterEach(async () => {
  await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
  sweepers = [];
  lines = [];
  await rows.database.query('DELETE FROM parcels');
});

afterAll(() => rows.close());

const log = makeLogger({ name: 'test', level: 'info' }, { write: (line) => void lines.push(line) });

const start = (process: (id: string) => Promise<Date | null>, slots = 4): Sweeper => {
  const table = makeDueTable(rows.pool, { table: 'parcels', id: 'parcel' });
  const sweeper = startSweeper({ tables: [{ table, slots, process }], log });
  sweepers.push(sweeper);
  return sweeper;
};

const messages = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

const countDue = async () => {
  const due = await rows.database.query('SELECT 1 FROM parcels WHERE due_at IS NOT NULL');
  return due.length;
};

describe('two sweepers of a table', () => {
  it('process every row once, and none at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 80 }, (_, index) => rows.add(`p${index}`)));
    const inProgress = new Set<string>();
    const processed: string[] = [];
    let most = 0;
    const process = async (id: string) => {
      if (inProgress.has(id)) throw new Error('the row is processed twice at a time');
      inProgress.add(id);
      most = Math.max(most, inProgress.size);
      await rows.database.query('SELECT 1');
      inProgress.delete(id);
      processed.push(id);
      return null;
    };
    start(process);
    start(process);
    await eventually(async () => expect(await countDue()).toBe(0));
    expect(processed.toSorted()).toEqual(ids.toSorted());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
    expect(messages()).toEqual([]);
  });
});

describe('a row', () => {
  it('whose process died is processed when its lease has ended', async () => {
    const id = await rows.add('abandoned');
    const dead = makeDueTable(rows.pool, { table: 'parcels', id: 'parcel' });
    expect(await dead.claim(1)).toHaveLength(1);
    const processed: string[] = [];
    const sweeper = start(async (row) => {
      processed.push(row);
      return null;
    });
    sweeper.wake();
    await rows.add('other');
    await eventually(() => expect(processed).toHaveLength(1));
    expect(processed).not.toContain(id);
    await rows.change('abandoned', "due_at = due_at - interval '20 seconds'");
    await eventually(() => expect(processed).toContain(id));
  });

  it('that is woken while it is processed is processed again', async () => {
    const id = await rows.add('woken');
    const processed: string[] = [];
    start(async (row) => {
      processed.push(row);
      if (processed.length === 1) await rows.change('woken', 'due_at = now(), due_attempts = 0');
      return null;
    });
    await eventually(async () => {
      expect(processed).toEqual([id, id]);
      expect(await countDue()).toBe(0);
    });
  });

  it('is due again at the time that its step returns', async () => {
    await rows.add('polled');
    start(async () => new Date(Date.now() + 3_600_000));
    await eventually(async () => expect((await rows.read('polled')).attempts).toBe(0));
    await eventually(async () => {
      expect((await rows.read('polled')).dueIn).toBeGreaterThan(3_500);
    });
  });

  it('whose step fails, even before it waits, is retried, and the failure is logged', async () => {
    await rows.add('bad');
    let attempts = 0;
    start(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('no luck');
      return Promise.resolve(null);
    });
    await eventually(async () => expect((await rows.read('bad')).error).toBe('Error: no luck'));
    await rows.change('bad', 'due_at = now()');
    await eventually(async () => expect(await countDue()).toBe(0));
    expect(messages()).toEqual(['due row failed']);
  });
});

describe('a sweeper', () => {
  it('that stops waits for its steps, and takes no more', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await rows.add('first', 20);
    await rows.add('second', 10);
    let started = 0;
    const sweeper = start(async () => {
      started += 1;
      await promise;
      return null;
    }, 1);
    await eventually(() => expect(started).toBe(1));
    let isStopped = false;
    const stopping = sweeper.stop().then(() => (isStopped = true));
    await rows.database.query('SELECT 1');
    expect(isStopped).toBe(false);
    resolve();
    await stopping;
    expect(started).toBe(1);
    expect((await rows.read('first')).dueIn).toBeNull();
    expect((await rows.read('second')).attempts).toBe(0);
  });

  it('continues after the database ended all connections', async () => {
    let processed = 0;
    const sweeper = start(async () => {
      processed += 1;
      // The connection that would write the end of this step is lost with all others.
      if (processed === 1) {
        await rows.database
          .query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          )
          .catch(() => undefined);
      }
      return null;
    });
    await rows.add('before');
    await eventually(() => expect(rows.lost).not.toEqual([]));
    await rows.add('after');
    sweeper.wake();
    await eventually(async () => expect((await rows.read('after')).dueIn).toBeNull());
  });

  it('logs that the database is lost, and goes on when it is back', async () => {
    start(async () => null);
    await rows.database.query('ALTER TABLE parcels RENAME TO lost');
    await eventually(() => expect(messages()).toContain('due rows not claimed'));
    await rows.database.query('ALTER TABLE lost RENAME TO parcels');
    await rows.add('after');
    await eventually(async () => expect(await countDue()).toBe(0));
  });
});
