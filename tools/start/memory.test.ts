import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import type { Variables } from '@cartograph/command';
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

const isGlibc = process.platform === 'linux' && !fs.existsSync('/etc/alpine-release');

/** How many megabytes a process has more after it hashed passwords of 19 MB each. */
const growthAfterHashing = (env: Variables): number => {
  const script = `
    const { hash } = require('argon2');
    const options = { memoryCost: 19_456, timeCost: 1, parallelism: 1 };
    const hashTwo = () => Promise.all([hash('one', options), hash('two', options)]);
    (async () => {
      const before = process.memoryUsage.rss();
      for (let times = 0; times < 20; times += 1) await hashTwo();
      console.log(process.memoryUsage.rss() - before);
    })();`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: import.meta.dirname,
    env: { MALLOC_ARENA_MAX: '2', ...env },
    encoding: 'utf8',
  });
  return Number(stdout) / MB;
};

describe('the memory of an app', () => {
  it('is bounded: three semi-spaces more than the old generation', () => {
    expect(heapLimit({})).toBe(HEAP_LIMIT_MB + 3 * SEMI_SPACE_MB);
  });

  it('is what the operator says, where NODE_OPTIONS does', () => {
    expect(heapLimit({ NODE_OPTIONS: '--max-old-space-size=300' })).toBe(300 + 3 * SEMI_SPACE_MB);
    expect(heapLimit({ NODE_OPTIONS: '--max_semi_space_size=2' })).toBe(HEAP_LIMIT_MB + 3 * 2);
    expect(memoryEnvironment({ MALLOC_ARENA_MAX: '4' })).toMatchObject({ MALLOC_ARENA_MAX: '4' });
    expect(memoryEnvironment({ GLIBC_TUNABLES: '' })).toMatchObject({ GLIBC_TUNABLES: '' });
    expect(memoryEnvironment({ A: 'b' })).toMatchObject({ MALLOC_ARENA_MAX: '2', A: 'b' });
  });

  // Other systems return such blocks by themselves, or do not know the setting.
  it.runIf(isGlibc)('does not keep what the hashing of passwords took', () => {
    expect(growthAfterHashing({})).toBeGreaterThan(20);
    expect(growthAfterHashing(memoryEnvironment({}))).toBeLessThan(12);
  });
});
