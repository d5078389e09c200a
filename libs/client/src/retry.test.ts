import { describe, expect, it } from 'vitest';
import { readRetryAfter } from './retry.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');

describe('the header Retry-After', () => {
  it.each([
    ['0', 0],
    [' 120 ', 120],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j is %j seconds', (text, seconds) => {
    expect(readRetryAfter(text, NOW)).toBe(seconds);
  });
});
