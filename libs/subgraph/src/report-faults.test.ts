import { describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { makeFaultReporter } from './report-faults.ts';

describe('the report of rows that can not be shown', () => {
  it('logs each fault of a row at most once a minute', () => {
    const lines: Record<string, unknown>[] = [];
    const log = makeLogger(
      { name: 'product', level: 'info' },
      { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    let now = 0;
    const report = makeFaultReporter(log, () => now);
    const row = { table: 'products', id: 'a', fault: 'a date is not valid' } as const;
    report(row);
    report(row);
    report({ ...row, id: 'b' });
    report({ ...row, fault: 'currency: is not a currency' });
    now = 59_999;
    report(row);
    expect(lines.map(({ id, fault }) => [id, fault])).toEqual([
      ['a', row.fault],
      ['b', row.fault],
      ['a', 'currency: is not a currency'],
    ]);
    now = 60_000;
    report(row);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatchObject({
      level: 'error',
      ...row,
      msg: "row left out of an answer: it can't be shown",
    });
  });
});
