import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ShopClientError } from '../src/index.ts';
import { dataOf, errorOf, openGraph, type Graph, type Received } from './kit/open-graph.ts';
import {
  hasToken,
  isRefresh,
  meOf,
  refreshed,
  sessionOf,
  sessionResult,
  storeOf,
} from './kit/sign-in.ts';

let graph: Graph;

afterEach(() => graph.close());

const isRefreshOf = ({ variables }: Received, number: number): boolean =>
  (variables['input'] as { refreshToken?: string }).refreshToken === sessionOf(number).refreshToken;

describe('a request of one account', () => {
  it('is never repeated as another that signed in during the refresh', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const bob = sessionOf(9, 'bob');
    graph = await openGraph(async (request) => {
      if (request.operation === 'Login') return dataOf({ login: sessionResult(bob) });
      if (!isRefresh(request)) return errorOf('UNAUTHENTICATED');
      begun.resolve();
      await finish.promise;
      return refreshed(2);
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store });
    const ordering = shop.createOrder({ items: [] });
    await begun.promise;
    await shop.login({ email: 'bob@example.com', password: 'secret' });
    finish.resolve();
    await expect(ordering).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(graph.names().filter((name) => name === 'CreateOrder')).toHaveLength(1);
    expect(store.now()).toEqual(bob);
  });

  it('does not wait for the refresh of another that was signed in before', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    graph = await openGraph(async (request) => {
      if (request.operation === 'Login')
        return dataOf({ login: sessionResult(sessionOf(8, 'bob')) });
      if (!isRefresh(request)) {
        return hasToken(request, 9) ? dataOf({ me: { id: 'bob' } }) : errorOf('UNAUTHENTICATED');
      }
      if (isRefreshOf(request, 8)) {
        return dataOf({ refreshSession: sessionResult(sessionOf(9, 'bob')) });
      }
      begun.resolve();
      await finish.promise;
      return refreshed(2);
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store });
    const former = shop.me();
    await begun.promise;
    await shop.login({ email: 'bob@example.com', password: 'secret' });
    // Two refreshes are in progress, one for each account.
    expect(await shop.me({ deadlineMs: 5_000 })).toEqual({ id: 'bob' });
    finish.resolve();
    await expect(former).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(store.now()).toEqual(sessionOf(9, 'bob'));
  });

  it('does not end or replace the session of another that signs in while the store is read', async () => {
    const bob = sessionOf(9, 'bob');
    graph = await openGraph((request) => {
      if (request.operation === 'Login') return dataOf({ login: sessionResult(bob) });
      return isRefresh(request) ? refreshed(2) : errorOf('UNAUTHENTICATED');
    });
    const reading = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({
      store: {
        ...store,
        read: async () => {
          const stored = await store.read();
          if (graph.names().includes('RefreshSession') && stored?.userId === 'ada') {
            reading.resolve();
            await finish.promise;
          }
          return stored;
        },
      },
    });
    const former = shop.me();
    await reading.promise;
    const login = shop.login({ email: 'bob@example.com', password: 'secret' });
    // Long enough for it to be stored, if it were.
    await Promise.race([login, setTimeout(200)]);
    finish.resolve();
    await login;
    await expect(former).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(store.now()).toEqual(bob);
  });
});

describe('signing in and out', () => {
  it('stores the session of a sign-in, and nothing of a problem', async () => {
    const results = [
      { __typename: 'InvalidCredentialsProblem', code: 'INVALID_CREDENTIALS', message: 'wrong' },
      sessionResult(sessionOf(1)),
    ];
    graph = await openGraph(() => dataOf({ login: results.shift() }));
    const store = storeOf(null);
    const shop = graph.connect({ store });
    const input = { email: 'ada@example.com', password: 'secret' };
    expect(await shop.login(input)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(store.now()).toBeNull();
    await shop.login(input);
    expect(store.now()).toEqual(sessionOf(1));
  });

  it('forgets the session also when the shop cannot be told', async () => {
    graph = await openGraph(() => null);
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store, limits: { maxRetries: 0 } });
    await expect(shop.logout()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(store.now()).toBeNull();
  });

  it.each([
    ['tells the shop', dataOf({ logout: { __typename: 'SessionsEnded', count: 1 } }), null],
    ['fails when the shop cannot be told', null, 'NETWORK'],
  ])('out during a refresh that fails %s', async (_what, reply, code) => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    graph = await openGraph(async (request) => {
      if (request.operation === 'Logout') return reply;
      if (!isRefresh(request)) return meOf(request, 2);
      begun.resolve();
      await finish.promise;
      return null;
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store, limits: { maxRetries: 0 } });
    const reading = shop.me().catch((error: unknown) => error);
    await begun.promise;
    const leaving = shop.logout().then(
      () => null,
      (error: unknown) => (error as ShopClientError).code,
    );
    finish.resolve();
    expect(await reading).toMatchObject({ code: 'NETWORK' });
    expect(await leaving).toBe(code);
    expect(graph.received.at(-1)).toMatchObject({
      operation: 'Logout',
      variables: { input: { refreshToken: 'refresh-1' } },
    });
    expect(store.now()).toBeNull();
  });

  it.each([
    ['deadline', () => ({ deadlineMs: 50 }), { code: 'TIMEOUT' }],
    ['signal', () => ({ signal: AbortSignal.abort(new Error('left')) }), { message: 'left' }],
  ])('out ends by its %s during a refresh that hangs', async (_what, makeOptions, error) => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    graph = await openGraph(async (request) => {
      if (!isRefresh(request)) return meOf(request, 2);
      begun.resolve();
      await finish.promise;
      return refreshed(2);
    });
    const store = storeOf(sessionOf(1));
    const shop = graph.connect({ store });
    const reading = shop.me().catch((failure: unknown) => failure);
    await begun.promise;
    await expect(shop.logout(makeOptions())).rejects.toMatchObject(error);
    expect(store.now()).toBeNull();
    finish.resolve();
    expect(await reading).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(store.now()).toBeNull();
  });

  it('out fails when the shop ends no session', async () => {
    graph = await openGraph(() => dataOf({ logout: { __typename: 'ValidationFailedProblem' } }));
    const shop = graph.connect({ store: storeOf(sessionOf(1)) });
    await expect(shop.logout()).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining('ValidationFailedProblem'),
    });
  });
});
