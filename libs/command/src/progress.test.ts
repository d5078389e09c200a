import { describe, expect, it } from 'vitest';
import { formatSeconds, makeProgress } from './progress.ts';

const open = (total: number | null) => {
  const lines: string[] = [];
  let time = 0;
  const screen = { write: (text: string) => lines.push(text) };
  const progress = makeProgress(total, screen, () => time);
  return { lines, progress, pass: (ms: number) => (time += ms) };
};

describe('progress where there is no terminal', () => {
  it('is a line every few seconds: rows, share, rate and time left', () => {
    const { lines, progress, pass } = open(1_000);
    pass(2_999);
    progress.update({ rows: 100, done: 200 });
    expect(lines).toEqual([]);
    pass(1_001);
    progress.update({ rows: 20_000, done: 250 });
    progress.update({ rows: 20_001, done: 251 });
    expect(lines).toEqual(['20,000 rows, 25 %, 5,000 rows/s, 0:12 left\n']);
  });

  it('says no share where the end is not known', () => {
    const { lines, progress, pass } = open(null);
    pass(4_000);
    progress.update({ rows: 8_000, done: 5 });
    expect(lines).toEqual(['8,000 rows, 2,000 rows/s\n']);
  });

  it('writes seconds as people do', () => {
    expect([0, 5, 65, 3_600].map(formatSeconds)).toEqual(['0:00', '0:05', '1:05', '60:00']);
  });
});
