import { describe, expect, it } from 'vitest';
import { findFaults, type Measured } from './judge.ts';
import type { Ending } from './requests.ts';

const ending = (kind: Ending['kind'], ms: number): Ending => ({ kind, ms, text: `{"${kind}":1}` });

const many = (kind: Ending['kind'], ms: number): readonly Ending[] =>
  Array.from({ length: 100 }, () => ending(kind, ms));

const good: Measured = {
  name: 'it hangs',
  affected: many('coded', 10_000),
  before: many('done', 10),
  during: many('done', 15),
  recoveryMs: 10_000,
};

describe('the judge of a fault', () => {
  it('accepts coded errors, others that are nearly as fast, and a recovery', () => {
    expect(findFaults(good)).toEqual([]);
  });

  it.each<[string, Partial<Measured>, string]>([
    ['nothing was asked', { affected: [] }, 'it hangs: no request needed what was broken'],
    [
      'an error without a code',
      { affected: [ending('wrong', 1)] },
      'it hangs: 1 requests ended without a code: {"wrong":1}',
    ],
    [
      'a request that takes too long',
      { affected: [ending('coded', 16_001)] },
      'it hangs: a request took 16001 ms (<= 16000)',
    ],
    [
      'another request that fails',
      { during: [...many('done', 10), ending('coded', 10)] },
      'it hangs: 1 other requests failed: {"coded":1}',
    ],
    [
      'others that are slower',
      { during: many('done', 16) },
      'it hangs: the p99 of others was 1.60 times as high (<= 1.5)',
    ],
    [
      'no requests of others',
      { during: [] },
      'it hangs: the p99 of others was NaN times as high (<= 1.5)',
    ],
    [
      'a late recovery',
      { recoveryMs: 10_001 },
      'it hangs: the shop had not recovered after 10001 ms (<= 10000)',
    ],
    [
      'no recovery',
      { recoveryMs: null },
      'it hangs: the shop had not recovered after any number of ms (<= 10000)',
    ],
  ])('does not accept %s', (_what, change, fault) => {
    expect(findFaults({ ...good, ...change })).toEqual([fault]);
  });
});
