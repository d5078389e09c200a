import { describe, expect, it } from 'vitest';
import { cpuBetween, parseBackendTitle, parseProcessStat } from './process-cpu.ts';

describe('the CPU time of a process', () => {
  it('is read from /proc/<pid>/stat, for any name of the program', () => {
    const text =
      '7 (a) (b c) S 1 7 7 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 11 0 100 0 0 184467440737';
    expect(parseProcessStat(text)).toEqual({ own: 2000, endedChildren: 500 });
  });

  it('is of a database when its title names a client', () => {
    const title = 'postgres: cartograph_order cartograph_order 127.0.0.1(50426) idle';
    expect(parseBackendTitle(title)).toBe('cartograph_order');
    expect(parseBackendTitle('postgres: walwriter ')).toBeNull();
    expect(parseBackendTitle('postgres: autovacuum launcher ')).toBeNull();
  });

  it('is the difference of two snapshots, for processes that began or ended in between, too', () => {
    const one = (name: string, ms: number) => ({ name, ms });
    const before = {
      processes: new Map([
        [1, one('order', 100)],
        [2, one('postgres order', 40)],
      ]),
      endedBackendsMs: 10,
    };
    const after = {
      processes: new Map([
        [1, one('order', 130)],
        [3, one('postgres order', 5)],
      ]),
      // The second process ended with 60 ms, 40 of them before.
      endedBackendsMs: 70,
    };
    expect(cpuBetween(before, after)).toEqual({ order: 30, 'postgres order': 5, postgres: 20 });
  });
});
