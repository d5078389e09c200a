import { DEFAULT_RESPONSE_TIMEOUT_MS, readDrainTimeout } from '@cartograph/config';
import { describe, expect, it } from '@jest/globals';
import { killAfterMs } from './node-process.ts';

describe('a process that is stopped', () => {
  it('is killed only after it has waited for its requests itself', () => {
    const drain = readDrainTimeout(undefined);
    expect([DEFAULT_RESPONSE_TIMEOUT_MS, drain, killAfterMs({})]).toEqual([15_000, 20_000, 25_000]);
    expect(killAfterMs({ DRAIN_TIMEOUT_MS: '40000' })).toBe(45_000);
    expect(killAfterMs({ SUBGRAPH_TIMEOUT_MS: '60000' })).toBe(70_000);
    expect(killAfterMs({ ROUTER_TIMEOUT_MS: '30000', DRAIN_TIMEOUT_MS: 'x' })).toBe(40_000);
  });
});
