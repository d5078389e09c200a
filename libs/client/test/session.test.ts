import { afterEach, describe, expect, it } from 'vitest';
import { dataOf, openGraph, type Graph } from './kit/open-graph.ts';
import { hasToken, isRefresh, meOf, refreshed, sessionOf, storeOf } from './kit/sign-in.ts';

let graph: Graph;

afterEach(() => graph.close());

const countRefreshes = (): number => graph.received.filter(isRefresh).length;

const REFUSED = dataOf({
  refreshSession: { __typename: 'InvalidRefreshTokenProblem', code: 'X', message: 'used' },
});

describe('a session whose token has expired', () => {
  it('is refreshed once for requests that fail at the same time', async () => {
    const all = Promise.withResolvers<void>();
    let refused = 0;
    graph = await openGraph(async (request) => {
      if (isRefresh(request)) return refreshed(2);
      if (!hasToken(request, 2) && (refused += 1) === 20) all.resolve();
      // All of them are under way before the first is refused.
      if (!hasToken(request, 2)) await all.promise;
      return meOf(request, 2);
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store });
    const results = await Promise.all(Array.from({ length: 20 }, () => shop.me()));
    expect(results).toEqual(Array(20).fill({ id: 'ada' }));
    expect(countRefreshes()).toBe(1);
    expect(graph.received).toHaveLength(41);
    expect(store.now()).toEqual(sessionOf(2));
  });

  it('is not refreshed again for a request that fails after the refresh', async () => {
    const late = Promise.withResolvers<void>();
    let isFirst = true;
    graph = await openGraph(async (request) => {
      if (isRefresh(request)) return refreshed(2);
      if (isFirst) {
        isFirst = false;
        await late.promise;
      }
      return meOf(request, 2);
    });
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    const slow = shop.me();
    while (graph.received.length === 0) await new Promise(setImmediate);
    await shop.me();
    late.resolve();
    expect(await slow).toEqual({ id: 'ada' });
    expect(countRefreshes()).toBe(1);
  });

  it('lets new requests wait for the refresh', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    graph = await openGraph(async (request) => {
      if (!isRefresh(request)) return meOf(request, 2);
      begun.resolve();
      await finish.promise;
      return refreshed(2);
    });
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    const first = shop.me();
    await begun.promise;
    const second = shop.me();
    finish.resolve();
    await Promise.all([first, second]);
    expect(graph.names()).toEqual(['Me', 'RefreshSession', 'Me', 'Me']);
    expect(graph.received.filter((request) => hasToken(request, 1))).toHaveLength(1);
  });

  it('ends once, with one notice, when it is not continued', async () => {
    let notices = 0;
    graph = await openGraph((request) => (isRefresh(request) ? REFUSED : meOf(request, 2)));
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store, onSignedOut: () => (notices += 1) });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => shop.me()));
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'UNAUTHENTICATED' } });
    }
    expect([notices, countRefreshes(), store.now()]).toEqual([1, 1, null]);
    expect(await shop.isSignedIn()).toBe(false);
  });

  it('remains when the shop does not answer the refresh', async () => {
    let isDown = true;
    let notices = 0;
    graph = await openGraph((request) => {
      if (!isRefresh(request)) return meOf(request, 2);
      return isDown ? { status: 503, body: 'down' } : refreshed(2);
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({
      store,
      onSignedOut: () => (notices += 1),
      limits: { maxRetries: 1 },
    });
    await expect(shop.me()).rejects.toMatchObject({ code: 'BAD_RESPONSE', status: 503 });
    expect([notices, store.now()]).toEqual([0, sessionOf(1)]);
    isDown = false;
    expect(await shop.me()).toEqual({ id: 'ada' });
  });

  it.each([
    { __typename: 'MoonProblem', code: 'MOON', message: 'It is full.' },
    {
      __typename: 'TooManyAttemptsProblem',
      code: 'MOON',
      message: 'It is full.',
      retryAfterSeconds: 60,
    },
  ])('remains when the refresh is refused by a $__typename', async (refreshSession) => {
    let notices = 0;
    graph = await openGraph((request) =>
      isRefresh(request) ? dataOf({ refreshSession }) : meOf(request, 2),
    );
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store, onSignedOut: () => (notices += 1) });
    await expect(shop.me()).rejects.toMatchObject({
      name: 'ShopClientError',
      code: 'MOON',
      message: 'It is full.',
      retryAfterSeconds: refreshSession.retryAfterSeconds ?? null,
    });
    expect([notices, store.now()]).toEqual([0, sessionOf(1)]);
  });

  it('is refreshed for the others when one of them does not wait any more', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    graph = await openGraph(async (request) => {
      if (!isRefresh(request)) return meOf(request, 2);
      begun.resolve();
      await finish.promise;
      return refreshed(2);
    });
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    const leaving = new AbortController();
    const left = shop.me({ signal: leaving.signal });
    const stays = shop.me();
    await begun.promise;
    leaving.abort(new Error('the page was left'));
    await expect(left).rejects.toThrow('the page was left');
    finish.resolve();
    expect(await stays).toEqual({ id: 'ada' });
    expect(countRefreshes()).toBe(1);
  });
});

describe('a token that is ignored', () => {
  it('is refreshed, since the account of a session is not null', async () => {
    graph = await openGraph((request) => {
      if (isRefresh(request)) return refreshed(2);
      return hasToken(request, 2) ? meOf(request, 2) : dataOf({ me: null });
    });
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    expect(await shop.me()).toEqual({ id: 'ada' });
    expect(graph.names()).toEqual(['Me', 'RefreshSession', 'Me']);
  });

  it('is refreshed once when that does not help', async () => {
    graph = await openGraph((request) =>
      isRefresh(request) ? refreshed(2) : dataOf({ me: null }),
    );
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    await expect(shop.orders()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(graph.names()).toEqual(['Orders', 'RefreshSession', 'Orders']);
  });
});
