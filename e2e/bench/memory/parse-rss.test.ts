import { describe, expect, it } from '@jest/globals';
import { parseRss } from './parse-rss.ts';

describe('the memory of a process', () => {
  it('is read from /proc/<pid>/status, in megabytes', () => {
    expect(parseRss('Name:\tnode\nVmHWM:\t  409600 kB\nVmRSS:\t  204800 kB\nThreads:\t11\n')).toBe(
      200,
    );
  });

  it('is unknown when the process has ended', () => {
    expect(() => parseRss('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('has ended');
  });
});
