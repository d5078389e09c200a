import { expect, it } from 'vitest';
import { summarize } from './summarize.ts';

it('requests are counted by kind, and the slowest is shown', () => {
  const table = summarize([
    { kind: 'page', ms: 10, error: null },
    { kind: 'page', ms: 30, error: 'page failed' },
    { kind: 'buy', ms: 700, error: null },
  ]);
  const cells = table.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(cells).toEqual([
    ['sent', 'failed', 'p50 ms', 'p99 ms', 'slowest ms'],
    ['buy', '1', '0', '700', '700', '700'],
    ['page', '2', '1', '30', '30', '30'],
    ['all', '3', '1', '30', '700', '700'],
  ]);
});
