import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { compareHistory } from './migration-history.ts';
import type { AppliedMigration } from './migration-history.ts';

const applied = (name: string, sql: string, finished = true): AppliedMigration => ({
  name,
  checksum: createHash('sha256').update(sql).digest('hex'),
  finished,
  logs: null,
});

describe('compareHistory', () => {
  it('finds nothing to do when both agree', () => {
    const status = compareHistory([{ name: '1_a', sql: 'A' }], [applied('1_a', 'A')]);
    expect(status).toEqual({ pending: [], edited: [], unfinished: [], unknown: [] });
  });

  it('lists what is pending in order, wherever it stands', () => {
    const local = ['1_a', '2_b', '3_c'].map((name) => ({ name, sql: name }));
    expect(compareHistory(local, [applied('2_b', '2_b')]).pending).toEqual(['1_a', '3_c']);
  });

  it('notices a script that was edited after it was applied', () => {
    const status = compareHistory([{ name: '1_a', sql: 'B' }], [applied('1_a', 'A')]);
    expect(status.edited).toEqual(['1_a']);
  });

  it.each([
    ['A\nB\n', 'A\r\nB\r\n'],
    ['A\r\nB\r\n', 'A\nB\n'],
  ])('takes %j for %j', (sql, asApplied) => {
    expect(compareHistory([{ name: '1_a', sql }], [applied('1_a', asApplied)]).edited).toEqual([]);
  });

  it('does not call a failed migration edited, since fixing it is what is to be done', () => {
    const failed = applied('1_a', 'A', false);
    const status = compareHistory([{ name: '1_a', sql: 'B' }], [failed]);
    expect(status).toEqual({ pending: [], edited: [], unfinished: [failed], unknown: [] });
  });

  it('knows what the directory does not', () => {
    expect(compareHistory([], [applied('1_a', 'A')]).unknown).toEqual(['1_a']);
  });
});
