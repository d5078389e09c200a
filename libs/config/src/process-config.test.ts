import { describe, expect, it } from 'vitest';
import { ConfigError } from './parse-env.ts';
import { DEFAULT_RESPONSE_TIMEOUT_MS, readDrainTimeout, STOP_MARGIN_MS } from './process-config.ts';

describe('readDrainTimeout', () => {
  it('is longer than a request may take', () => {
    expect(DEFAULT_RESPONSE_TIMEOUT_MS).toBe(15_000);
    expect(readDrainTimeout(undefined)).toBe(20_000);
    expect(readDrainTimeout(undefined, 60_000)).toBe(60_000 + STOP_MARGIN_MS);
    expect(readDrainTimeout(undefined, 1_000)).toBe(20_000);
    expect(readDrainTimeout(30_000, 15_000)).toBe(30_000);
  });

  it.each([
    [15_000, 15_000],
    [8_000, undefined],
  ])('is refused when it is %i ms and a request may take %j', (given, answer) => {
    expect(() => readDrainTimeout(given, answer)).toThrow(ConfigError);
    expect(() => readDrainTimeout(given, answer)).toThrow(/DRAIN_TIMEOUT_MS/);
  });
});
