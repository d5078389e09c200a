import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gql } from '@apollo/client';
import { makeApolloClient } from './apollo/make-apollo-client.ts';
import { PAY_ORDER } from './operations.ts';
import { makeSession, type Session, type Tokens } from './session.ts';
import { makeUrqlClient } from './urql/make-urql-client.ts';
import { readIntrospection } from './urql/read-introspection.ts';

const api = path.resolve(import.meta.dirname, '..', '..', 'apps', 'router', 'api.graphql');
const schema = readIntrospection(api);

const url = 'http://shop.example/graphql';

const ADA: Tokens = { accessToken: 'ada-1', refreshToken: 'ada-r1' };
const ADA_REFRESHED: Tokens = { accessToken: 'ada-2', refreshToken: 'ada-r2' };
const BOB: Tokens = { accessToken: 'bob-1', refreshToken: 'bob-r1' };
const BOB_REFRESHED: Tokens = { accessToken: 'bob-2', refreshToken: 'bob-r2' };

const PAID = {
  payOrder: { __typename: 'Order', id: 'o1', status: 'CONFIRMED', paymentStatus: null },
};
const REFUSED = [{ message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } }];

/** @param sentWith the access token of a request, or the refresh token of a refresh */
type Answer = (sentWith: string) => object | Promise<object>;

const sessionResult = (tokens: Tokens) => ({
  data: { refreshSession: { __typename: 'Session', ...tokens } },
});

/** A `fetch` whose responses a test decides. @returns it, and what the requests were sent with */
const makeFetch = (answer: Answer): { fetch: typeof fetch; sent: readonly string[] } => {
  const sent: string[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { variables } = (await request.json()) as {
        variables: { input: { refreshToken?: string } };
      };
      const token = request.headers.get('authorization')?.replace('Bearer ', '');
      const sentWith = variables.input.refreshToken ?? token ?? 'nothing';
      sent.push(sentWith);
      return Response.json(await answer(sentWith));
    },
  };
};

/** Pays an order with each library; throws when that fails. */
const LIBRARIES = [
  {
    library: 'Apollo Client',
    open: (session: Session, fetch: typeof globalThis.fetch) => {
      const client = makeApolloClient({ uri: url, session, fetch });
      return async (orderId = 'o1'): Promise<unknown> =>
        (await client.mutate({ mutation: gql(PAY_ORDER), variables: { input: { orderId } } })).data;
    },
  },
  {
    library: 'urql',
    open: (session: Session, fetch: typeof globalThis.fetch) => {
      const client = makeUrqlClient({ url, session, fetch, schema });
      return async (orderId = 'o1'): Promise<unknown> => {
        const { data, error } = await client.mutation(PAY_ORDER, { input: { orderId } });
        if (error) throw error;
        return data;
      };
    },
  },
];

describe.each(LIBRARIES)('a request with $library', ({ open }) => {
  it('is not repeated as another account that signed in during the refresh', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { fetch, sent } = makeFetch(async (sentWith) => {
      if (sentWith !== ADA.refreshToken) {
        return sentWith === BOB.accessToken ? { data: PAID } : { errors: REFUSED };
      }
      begun.resolve();
      await finish.promise;
      return sessionResult(ADA_REFRESHED);
    });
    const session = makeSession(url, fetch, () => {});
    session.write(ADA);
    const paying = open(session, fetch)();
    await begun.promise;
    session.write(null);
    session.write(BOB);
    finish.resolve();
    await expect(paying).rejects.toThrow('session has ended');
    expect(sent).toEqual(['ada-1', 'ada-r1']);
    // Bob remains signed in.
    expect(await open(session, fetch)()).toEqual(PAID);
    expect(sent.at(-1)).toBe('bob-1');
  });

  it('is not repeated as another account that signed in before it was refused', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { fetch, sent } = makeFetch(async (sentWith) => {
      if (sentWith !== ADA.accessToken) return { data: PAID };
      begun.resolve();
      await finish.promise;
      return { errors: REFUSED };
    });
    const session = makeSession(url, fetch, () => {});
    session.write(ADA);
    const paying = open(session, fetch)();
    await begun.promise;
    session.write(BOB);
    finish.resolve();
    await expect(paying).rejects.toThrow('session has ended');
    expect(sent).toEqual(['ada-1']);
  });

  it('is refreshed while the refresh of another account is in progress', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { fetch } = makeFetch(async (sentWith) => {
      if (sentWith === BOB.refreshToken) return sessionResult(BOB_REFRESHED);
      if (sentWith === BOB_REFRESHED.accessToken) return { data: PAID };
      if (sentWith !== ADA.refreshToken) return { errors: REFUSED };
      begun.resolve();
      await finish.promise;
      return sessionResult(ADA_REFRESHED);
    });
    const session = makeSession(url, fetch, () => {});
    session.write(ADA);
    const first = open(session, fetch)();
    await begun.promise;
    session.write(BOB);
    expect(await open(session, fetch)()).toEqual(PAID);
    finish.resolve();
    await expect(first).rejects.toThrow('session has ended');
  });

  it('is repeated without a refresh when another has refreshed the session', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let isFirst = true;
    const { fetch, sent } = makeFetch(async (sentWith) => {
      if (sentWith === ADA.refreshToken) return sessionResult(ADA_REFRESHED);
      if (sentWith === ADA_REFRESHED.accessToken) return { data: PAID };
      if (isFirst) {
        isFirst = false;
        begun.resolve();
        await finish.promise;
      }
      return { errors: REFUSED };
    });
    const session = makeSession(url, fetch, () => {});
    session.write(ADA);
    const pay = open(session, fetch);
    const slow = pay();
    await begun.promise;
    expect(await pay('o2')).toEqual(PAID);
    finish.resolve();
    expect(await slow).toEqual(PAID);
    expect(sent.filter((each) => each.includes('-r'))).toEqual(['ada-r1']);
  });
});
