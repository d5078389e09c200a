import { beforeEach, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeRevocationFeed, type Revocation, type RevocationFeed } from './revocation-feed.ts';

const START = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number) => new Date(START + ms);

/** The clock of the database: each query is a second after the one before. */
const timeOf = (query: number) => at(60_000 + query * 1_000);

let queries: { after: Date | null; limit: number }[];
let revocations: Revocation[];
let failure: Error | Promise<never> | null;
let feed: RevocationFeed;

beforeEach(() => {
  queries = [];
  revocations = [];
  failure = null;
  feed = makeRevocationFeed({
    store: {
      readRevoked: async (after, limit) => {
        queries.push({ after, limit });
        if (failure instanceof Error) throw failure;
        if (failure) await failure;
        const newestFirst = revocations.toSorted((a, b) => +b.revokedAt - +a.revokedAt);
        return { asOf: timeOf(queries.length), revocations: newestFirst.slice(0, limit) };
      },
    },
    keepMs: 660_000,
    maxIds: 3,
  });
});

const revoke = (id: string, ms = 0) => void revocations.push({ id, revokedAt: at(ms) });

describe('the feed of revoked sessions', () => {
  it('shares one query between all readers, every 200 ms', async () => {
    const { asOf } = await feed.read(null, 0);
    const start = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => feed.read(asOf, 1_000)));
    expect(queries.length).toBeLessThanOrEqual(3 + (performance.now() - start) / 200);
    const before = queries.length;
    await sleep(500);
    // Without a waiting reader there are no queries.
    expect(queries).toHaveLength(before);
  });

  it('queries from the earliest time of all readers', async () => {
    await Promise.all([feed.read(at(5_000), 0), feed.read(at(1_000), 0), feed.read(at(9_000), 0)]);
    await Promise.all([feed.read(at(5_000), 0), feed.read(null, 0)]);
    expect(queries.map(({ after }) => after)).toContainEqual(at(1_000));
    expect(queries.at(-1)).toEqual({ after: null, limit: 4 });
  });

  it('returns to each reader what it has not seen, with an overlap of 20 s', async () => {
    for (const ms of [-20_001, -20_000, -19_999]) revoke(String(ms), ms);
    const [own, all] = await Promise.all([feed.read(at(0), 0), feed.read(at(-60_000), 0)]);
    expect(own.ids).toEqual(['-19999']);
    expect(all.ids).toHaveLength(3);
  });

  it('wakes a reader for a new revocation, even if its time is older', async () => {
    const { asOf } = await feed.read(null, 0);
    const waiting = feed.read(asOf, 1_000);
    while (queries.length < 2) await sleep(10);
    revoke('late', 50_000);
    expect((await waiting).ids).toEqual(['late']);
    const queriesBefore = queries.length;
    // The overlap repeats it, but it wakes no reader.
    expect((await feed.read(timeOf(queriesBefore), 1_000)).ids).toEqual(['late']);
    expect(queries.length).toBeGreaterThan(queriesBefore + 1);
  });

  it('returns a time of issue instead of too many ids', async () => {
    for (const ms of [0, 100, 200]) revoke(String(ms), ms);
    expect(await feed.read(null, 0)).toMatchObject({
      ids: ['200', '100', '0'],
      issuedBefore: null,
    });
    revoke('300', 300);
    const [all, few] = await Promise.all([feed.read(null, 0), feed.read(at(20_150), 0)]);
    expect(all).toMatchObject({ ids: [], issuedBefore: at(300), keepMs: 660_000 });
    expect(few).toMatchObject({ ids: ['300', '200'], issuedBefore: null });
  });

  it('responds to a reader whose time is ahead', async () => {
    revoke('known', 59_000);
    expect((await feed.read(at(3_600_000), 0)).ids).toEqual(['known']);
  });

  it('is UNAVAILABLE while the database fails, and recovers', async () => {
    failure = new Error('down');
    await expect(feed.read(null, 0)).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: failure });
    failure = null;
    expect((await feed.read(null, 0)).ids).toEqual([]);
  });

  it('is UNAVAILABLE when the database hangs, and recovers', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    failure = promise;
    await expect(feed.read(null, 0)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    failure = null;
    reject(new Error('the connection broke'));
    expect((await feed.read(null, 0)).ids).toEqual([]);
  });

  it('rejects waiting and new reads after it is closed', async () => {
    const { asOf } = await feed.read(null, 0);
    const waiting = feed.read(asOf, 1_000);
    feed.close();
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(feed.read(null, 0)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
