import { beforeEach, describe, expect, it } from 'vitest';
import {
  makeRevocationList,
  type RevocationList,
  type RevocationResponse,
} from './make-revocation-list.ts';

const KEEP_MS = 660_000;
const AS_OF = new Date('2026-01-31T12:00:00.000Z');

let now: number;
let list: RevocationList;

beforeEach(() => {
  now = 1_000;
  list = makeRevocationList(() => now, 3);
});

const answer = (ids: readonly string[], more: Partial<RevocationResponse> = {}) => ({
  ids,
  asOf: AS_OF,
  issuedBefore: null,
  keepMs: KEEP_MS,
  ...more,
});

const isRevoked = (sessionId: string, issuedAt = AS_OF) => list.isRevoked({ sessionId, issuedAt });
const seconds = (count: number) => new Date(AS_OF.getTime() + count * 1_000);

describe('the copy of revoked sessions', () => {
  it('is empty, and infinitely old, before the first response', () => {
    expect([isRevoked('a'), list.ageMs(), list.cursor()]).toEqual([false, Infinity, null]);
  });

  it('keeps ids from the feed and from this process, also when they repeat', () => {
    list.apply(answer(['a', 'b']), now);
    list.apply(answer(['a']), now);
    list.add(['c']);
    expect(['a', 'b', 'c', 'd'].map((id) => isRevoked(id))).toEqual([true, true, true, false]);
    expect(list.size()).toBe(3);
  });

  it('counts its age from the request, also after a late response', () => {
    list.apply(answer([]), 400);
    expect(list.ageMs()).toBe(600);
    list.apply(answer([]), 100);
    expect(list.ageMs()).toBe(600);
    now += 5_000;
    expect(list.ageMs()).toBe(5_600);
  });

  it('continues from the last response, also when the clock of the database was set back', () => {
    list.apply(answer([], { asOf: seconds(10) }), now);
    list.apply(answer([], { asOf: seconds(5) }), now);
    expect(list.cursor()).toEqual(seconds(5));
  });

  it.each([60_000, 3_600_000])('keeps an id for the time of the feed: %d ms', (keepMs) => {
    list.apply(answer(['a'], { keepMs }), now);
    now += keepMs - 1;
    list.apply(answer([], { keepMs }), now);
    expect(isRevoked('a')).toBe(true);
    now += 1;
    list.apply(answer([], { keepMs }), now);
    expect(isRevoked('a')).toBe(false);
  });

  it('drops an id when every token of its session has expired, and not before', () => {
    list.apply(answer(['a']), now);
    now += 100_000;
    list.apply(answer(['a', 'b']), now);
    now += KEEP_MS - 100_001;
    list.apply(answer([]), now);
    expect([isRevoked('a'), list.size()]).toEqual([true, 2]);
    now += 1;
    list.apply(answer([]), now);
    expect([isRevoked('a'), isRevoked('b'), list.size()]).toEqual([false, true, 1]);
  });

  it('drops nothing without a response', () => {
    list.apply(answer(['a']), now);
    now += 10 * KEEP_MS;
    expect(isRevoked('a')).toBe(true);
  });

  it('refuses tokens by their time of issue when the feed requires it, with a clock skew', () => {
    list.apply(answer([], { issuedBefore: AS_OF }), now);
    expect(isRevoked('a', seconds(-1))).toBe(true);
    expect(isRevoked('a', seconds(4))).toBe(true);
    expect(isRevoked('a', seconds(5))).toBe(false);
    // It does not go back.
    list.apply(answer([]), now);
    list.apply(answer([], { issuedBefore: seconds(-100) }), now);
    expect(isRevoked('a', seconds(-1))).toBe(true);
  });

  it('refuses tokens by their time of issue when there are too many ids', () => {
    list.apply(answer(['a', 'b', 'c']), now);
    expect([list.size(), isRevoked('z')]).toEqual([3, false]);
    list.apply(answer(['d']), now);
    expect([list.size(), isRevoked('a'), isRevoked('z')]).toEqual([0, true, true]);
    expect(isRevoked('z', seconds(5))).toBe(false);
    list.apply(answer(['d']), now);
    expect(isRevoked('d', seconds(5))).toBe(true);
  });
});
