import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import type { DueRow, DueTable } from './due-table.ts';
import { startSweeper } from './start-sweeper.ts';
import { STEP_TIMEOUT_MS, type Sweeper } from './sweep-table.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

let sweeper: Sweeper | undefined;

afterEach(async () => {
  const stopped = sweeper?.stop();
  await vi.runOnlyPendingTimersAsync();
  await stopped;
  vi.useRealTimers();
});

const log = makeLogger({ name: 'test', level: 'silent' });

/** A table in memory. `ended` has its rows with how their step ended. */
const makeTable = (name: string, ids: string[] = []) => {
  const ended: string[] = [];
  const limits: number[] = [];
  const table: DueTable = {
    name,
    claim: async (limit) => {
      limits.push(limit);
      const claimedUntil = new Date();
      return ids
        .splice(0, limit)
        .map((id): DueRow => ({ id, claimedUntil, attempts: 1, lagMs: 0, cause: null }));
    },
    finish: async ({ id }) => void ended.push(`${id} done`),
    fail: async ({ id }, error) => {
      ended.push(`${id} ${String(error)}`);
      return 'RETRIED';
    },
    count: async () => ({ overdue: 0, dead: 0 }),
  };
  return { table, ids, ended, limits };
};

const done = async () => null;
const hang = () => new Promise<never>(() => undefined);
const refuse = () => Promise.reject(new Error('table lost'));

describe('a table', () => {
  it('is processed while the steps of another hang, and while another fails', async () => {
    const hanging = makeTable('hanging', ['a', 'b', 'c']);
    const good = makeTable('good', ['1', '2', '3']);
    const failing: DueTable = { ...makeTable('failing').table, claim: refuse, count: refuse };
    sweeper = startSweeper({
      tables: [
        { table: failing, slots: 1, process: done },
        { table: hanging.table, slots: 2, process: hang },
        { table: good.table, slots: 2, process: done },
      ],
      log,
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(good.ended).toEqual(['1 done', '2 done', '3 done']);
    good.ids.push('4');
    await vi.advanceTimersByTimeAsync(1_300);
    expect(good.ended).toContain('4 done');
    expect(hanging.ended).toEqual([]);
  });

  it('goes on after steps that hang: they fail, and free their slots', async () => {
    const { table, ended } = makeTable('slow', ['a', 'b', 'c']);
    const process = (id: string) => (id === 'c' ? done() : hang());
    sweeper = startSweeper({ tables: [{ table, slots: 2, process }], log });
    await vi.advanceTimersByTimeAsync(STEP_TIMEOUT_MS - 1);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_300);
    const error = `Error: the step took longer than ${STEP_TIMEOUT_MS} ms`;
    expect(ended.toSorted()).toEqual([`a ${error}`, `b ${error}`, 'c done']);
  });

  it('is claimed from as many rows as slots are free, at once while batches are full', async () => {
    const { table, limits, ended } = makeTable('many', ['1', '2', '3', '4', '5']);
    sweeper = startSweeper({ tables: [{ table, slots: 5, process: done }], log });
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveLength(5);
    expect(limits.slice(0, 2)).toEqual([5, 5]);
  });

  it('is asked once a tick while nothing is due, and at once when woken', async () => {
    const { table, limits, ids, ended } = makeTable('idle');
    sweeper = startSweeper({ tables: [{ table, slots: 3, process: done }], log });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(limits.length).toBeGreaterThan(75);
    expect(limits.length).toBeLessThan(135);
    ids.push('1');
    sweeper.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toEqual(['1 done']);
  });

  it('is asked ever less often while its database is lost', async () => {
    let claims = 0;
    const claim = () => {
      claims += 1;
      return refuse();
    };
    const table: DueTable = { ...makeTable('lost').table, claim };
    sweeper = startSweeper({ tables: [{ table, slots: 3, process: done }], log });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(claims).toBeGreaterThan(5);
    expect(claims).toBeLessThan(20);
  });
});

describe('a stop', () => {
  it('does not wait for a step that hangs for longer than that may take', async () => {
    const { table, ended } = makeTable('hanging', ['a']);
    const stopping = startSweeper({ tables: [{ table, slots: 1, process: hang }], log });
    await vi.advanceTimersByTimeAsync(1);
    const stopped = stopping.stop();
    await vi.advanceTimersByTimeAsync(STEP_TIMEOUT_MS);
    await stopped;
    expect(ended).toHaveLength(1);
  });
});
