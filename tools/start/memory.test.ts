import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { HEAP_LIMIT_MB, memoryEnvironment, memoryFlags, SEMI_SPACE_MB } from './memory.ts';

const MB = 1024 * 1024;

/** The limit of the heap of a process with these flags, in megabytes. */
const heapLimit = (env: Record<string, string>): number => {
  const script = 'console.log(require("node:v8").getHeapStatistics().heap_size_limit)';
  const { stdout } = spawnSync(process.execPath, [...memoryFlags(env), '-e', script], {
    env,
    encoding: 'utf8',
  });
  return Math.round(Number(stdout) / MB);
};

describe('the memory of an app', () => {
  it('is bounded: three semi-spaces more than the old generation', () => {
    expect(heapLimit({})).toBe(HEAP_LIMIT_MB + 3 * SEMI_SPACE_MB);
  });

  it('is what the operator says, where NODE_OPTIONS does', () => {
    expect(heapLimit({ NODE_OPTIONS: '--max-old-space-size=300' })).toBe(300 + 3 * SEMI_SPACE_MB);
    expect(heapLimit({ NODE_OPTIONS: '--max_semi_space_size=2' })).toBe(HEAP_LIMIT_MB + 3 * 2);
    expect(memoryEnvironment({ MALLOC_ARENA_MAX: '4' })).toEqual({ MALLOC_ARENA_MAX: '4' });
    expect(memoryEnvironment({ A: 'b' })).toEqual({ MALLOC_ARENA_MAX: '2', A: 'b' });
  });
});
