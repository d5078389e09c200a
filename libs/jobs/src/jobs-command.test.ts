import { describe, expect, it } from 'vitest';
import { count, describeJob, describeRow } from './jobs-command.ts';

const since = new Date('2026-11-23T01:02:03Z');

describe('a line of the command', () => {
  it('shows the name, the payload, the age and the last error of a job', () => {
    const job = {
      id: '7',
      name: 'settle_order',
      payload: { orderId: 'C-1' },
      createdAt: since,
      attempts: 25,
      lastError: 'no luck\n  at x',
    };
    expect(describeJob(job)).toBe(
      '  7 settle_order {"orderId":"C-1"} since 2026-11-23T01:02:03.000Z: no luck',
    );
    expect(describeJob({ ...job, lastError: null })).toMatch(/: no error was stored$/);
  });

  it('shows the table, the key, the age and the last error of a row', () => {
    const row = { table: 'payments', id: 'p-1', since, attempts: 3, lastError: 'Error: no luck' };
    expect(describeRow(row)).toBe('  payments p-1 since 2026-11-23T01:02:03.000Z: Error: no luck');
  });

  it('has the number of its noun', () => {
    expect([count(0, 'job'), count(1, 'job'), count(2, 'row')]).toEqual([
      '0 jobs are',
      '1 job is',
      '2 rows are',
    ]);
  });
});
