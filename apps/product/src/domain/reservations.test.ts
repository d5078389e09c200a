import { describe, expect, it } from 'vitest';
import type { ReservationStore } from './reservation-store.ts';
import { makeReservations } from './reservations.ts';

/** Expired holds by their orders, of which those of `stuck` can't be released. */
const makeStore = (expired: Set<string>, stuck: ReadonlySet<string>): ReservationStore => ({
  reserve: () => Promise.reject(new Error('not used in this test')),
  commit: () => Promise.resolve(null),
  release: (orderId) => {
    if (stuck.has(orderId)) return Promise.reject(new Error(`${orderId} is stuck`));
    expired.delete(orderId);
    return Promise.resolve(null);
  },
  close: () => Promise.reject(new Error('not used in this test')),
  findExpired: (_now, limit, excluded) =>
    Promise.resolve([...expired].filter((id) => !excluded.includes(id)).slice(0, limit)),
});

describe('the release of expired holds', () => {
  it('reports holds that fail once a round, and releases the others', async () => {
    const expired = new Set(['a', 'b', 'c', 'd']);
    const { releaseExpired } = makeReservations(makeStore(expired, new Set(['a', 'b'])));
    const failed = new Set<string>();
    const reported: string[] = [];
    const onFailure = (orderId: string, error: unknown) =>
      void reported.push(`${orderId}: ${(error as Error).message}`);
    const tried: number[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      tried.push(await releaseExpired(2, failed, onFailure));
    }
    expect(tried).toEqual([2, 2, 0]);
    expect([...expired]).toEqual(['a', 'b']);
    expect(reported).toEqual(['a: a is stuck', 'b: b is stuck']);
  });
});
