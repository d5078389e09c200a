import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type AppliedMigration,
  compareHistory,
  messageOf,
  splitStatements,
} from './apply-migrations.ts';

const applied = (name: string, sql: string, finished = true): AppliedMigration => ({
  name,
  checksum: createHash('sha256').update(sql).digest('hex'),
  finished,
  logs: null,
});

describe('compareHistory', () => {
  it('finds nothing to do when both agree', () => {
    const status = compareHistory([{ name: '1_a', sql: 'A' }], [applied('1_a', 'A')]);
    expect(status).toEqual({ pending: [], edited: [], unfinished: [] });
  });

  it('lists what is pending in order, also before what was applied', () => {
    const local = ['1_a', '2_b', '3_c'].map((name) => ({ name, sql: name }));
    const { pending } = compareHistory(local, [applied('2_b', '2_b')]);
    expect(pending.map(({ name }) => name)).toEqual(['1_a', '3_c']);
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
    expect(status).toEqual({ pending: [], edited: [], unfinished: [failed] });
  });
});

describe('messageOf', () => {
  it('lists all attempts of a connection', () => {
    const attempts = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 1')];
    expect(messageOf(new AggregateError(attempts))).toBe(
      'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 1',
    );
  });

  it('returns a text that was thrown unchanged', () => {
    expect(messageOf('gone')).toBe('gone');
  });
});

describe('splitStatements', () => {
  it('leaves each statement in its line', () => {
    const sql =
      '-- A note; it is no statement;\nDROP INDEX CONCURRENTLY IF EXISTS a;\n\nCREATE INDEX\n  a ON b (c); -- why\n-- end\n';
    expect(splitStatements(sql)).toEqual([
      '-- A note; it is no statement;\nDROP INDEX CONCURRENTLY IF EXISTS a;\n',
      '\n\n\nCREATE INDEX\n  a ON b (c); -- why\n',
    ]);
  });

  it.each([
    ['', []],
    ['SELECT 1', ['SELECT 1\n']],
    ['SELECT 1;\r\nSELECT 2;', ['SELECT 1;\r\n', '\nSELECT 2;\n']],
  ])('of %j', (sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });
});
