import { describe, expect, it } from 'vitest';
import { findFaults, p99Of, slowestOf, type Measured } from './judge.ts';

const page = (ms: number, status = 200) => ({ status, ms });

const good: Measured = {
  what: 'a flood',
  expected: ['400 TOO_LARGE', '413 TOO_LARGE'],
  times: 2,
  endings: ['400 TOO_LARGE', '413 TOO_LARGE'],
  pages: [page(5), page(300)],
  cpuMs: 1,
};

describe('the judge of an attack', () => {
  it('accepts refusals, and pages in 300 ms', () => {
    expect(findFaults(good)).toEqual([]);
    expect([slowestOf(good.pages), p99Of(good.pages)]).toEqual([300, 300]);
  });

  it('accepts that nothing was sent', () => {
    expect(findFaults({ ...good, expected: null, endings: ['', ''] })).toEqual([]);
  });

  it.each<[string, Partial<Measured>, string]>([
    ['a slow page', { pages: [page(5), page(301)] }, 'a flood: a page took 301 ms (<= 300)'],
    ['no page', { pages: [] }, 'a flood: no page was requested'],
    ['a page that fails', { pages: [page(5), page(5, 503)] }, 'a flood: 1 pages failed: 503'],
    [
      'an attack that is served',
      { endings: ['400 TOO_LARGE', '200'] },
      'a flood: 1 were not refused as 400 TOO_LARGE or 413 TOO_LARGE: 200',
    ],
    ['an attack that did not end', { endings: ['400 TOO_LARGE'] }, 'a flood: 1 of 2 ended'],
  ])('does not accept %s', (_what, change, fault) => {
    expect(findFaults({ ...good, ...change })).toEqual([fault]);
  });
});
