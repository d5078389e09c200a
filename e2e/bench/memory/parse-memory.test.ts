import { describe, expect, it } from 'vitest';
import { parsePss, parseRss } from './parse-memory.ts';

describe('the memory of a process', () => {
  it('is read from /proc/<pid>/status, in megabytes', () => {
    expect(parseRss('Name:\tnode\nVmHWM:\t  409600 kB\nVmRSS:\t  204800 kB\nThreads:\t11\n')).toBe(
      200,
    );
  });

  it('is read from /proc/<pid>/smaps_rollup, with its part of what is shared', () => {
    expect(parsePss('Rss:    204800 kB\nPss:    102400 kB\nPss_Anon:   51200 kB\n')).toBe(100);
  });

  it('is unknown when the process has ended', () => {
    expect(() => parseRss('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('has ended');
  });
});
