import { afterEach, describe, expect, it } from 'vitest';
import type { GraphError, TypedText } from '../src/index.ts';
import { dataOf, errorOf, openGraph, type Graph } from './kit/open-graph.ts';
import { sessionOf, storeOf } from './kit/sign-in.ts';

let graph: Graph;

afterEach(() => graph.close());

const PAGE = { nodes: [], pageInfo: { endCursor: null } };

describe('a page of the catalogue', () => {
  it('is read by GET and id, without the token, under the name of the application', async () => {
    graph = await openGraph(() => dataOf({ products: PAGE }));
    const shop = graph.connect({
      store: storeOf(sessionOf(1)),
      name: 'storefront',
      version: '1.2.3',
    });
    expect(await shop.products({ first: 2, filter: { text: 'blaue Lampe & {mehr}' } })).toEqual(
      PAGE,
    );
    const [request] = graph.received;
    expect(request).toMatchObject({
      method: 'GET',
      operation: 'Products',
      query: null,
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      variables: { first: 2, filter: { text: 'blaue Lampe & {mehr}' } },
      headers: {
        'apollographql-client-name': 'storefront',
        'apollographql-client-version': '1.2.3',
        'apollo-require-preflight': 'true',
      },
    });
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.headers['cache-control']).toBeUndefined();
  });

  it('is sent as text once to a router that does not know it', async () => {
    const known = new Set<string>();
    graph = await openGraph(({ id, query }) => {
      if (id !== null && query !== null) known.add(id);
      return known.has(id ?? '')
        ? dataOf({ products: PAGE })
        : errorOf('PERSISTED_QUERY_NOT_FOUND');
    });
    const shop = graph.connect();
    await shop.products();
    await shop.products();
    expect(graph.received.map(({ method, query }) => [method, query === null])).toEqual([
      ['GET', true],
      ['GET', false],
      ['GET', true],
    ]);
  });

  it('is sent as text only to a router without persisted queries', async () => {
    graph = await openGraph(({ id }) =>
      id === null ? dataOf({ products: PAGE }) : errorOf('PERSISTED_QUERY_NOT_SUPPORTED'),
    );
    const shop = graph.connect();
    await shop.products();
    await shop.products();
    expect(graph.received.map(({ id }) => id === null)).toEqual([false, true, true]);
  });

  it('is read by POST when its URL would be too long', async () => {
    graph = await openGraph(() => dataOf({ products: PAGE }));
    const skus = Array.from({ length: 100 }, (_, index) => `${index}`.padStart(64, 'x'));
    await graph.connect({ limits: { maxUrlLength: 2_000 } }).products({ filter: { skus } });
    expect(graph.received).toMatchObject([{ method: 'POST', variables: { filter: { skus } } }]);
  });

  it('is not from a cache when it has to be fresh', async () => {
    graph = await openGraph(() => dataOf({ products: PAGE }));
    await graph.connect().products({}, { fresh: true });
    expect(graph.received[0]?.headers['cache-control']).toBe('no-cache');
  });
});

describe('an account', () => {
  it('is read by POST with its token', async () => {
    graph = await openGraph(() => dataOf({ me: { id: 'ada' } }));
    await graph.connect({ store: storeOf(sessionOf(1)) }).me();
    expect(graph.received).toMatchObject([
      { method: 'POST', headers: { authorization: 'Bearer access-1' } },
    ]);
  });

  it('has no orders without a session', async () => {
    graph = await openGraph(() => dataOf({ me: null }));
    expect(await graph.connect().me()).toBeNull();
    await expect(graph.connect().orders()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a response', () => {
  it('with a part missing is a result, and its errors are reported', async () => {
    const error = {
      message: 'down',
      path: ['order', 'payments'],
      extensions: { code: 'UNAVAILABLE' },
    };
    graph = await openGraph(() => ({
      body: { data: { order: { id: 'o1', payments: null } }, errors: [error] },
    }));
    const reported: [readonly GraphError[], string | null][] = [];
    const shop = graph.connect({ onErrors: (...given) => reported.push(given) });
    expect(await shop.order('o1')).toEqual({ id: 'o1', payments: null });
    expect(reported).toEqual([[[error], 'Order']]);
    expect(graph.received).toHaveLength(1);
  });

  it.each([
    ['is no JSON', '<html>'],
    ['is null', null],
    ['is a list', []],
    ['has neither data nor errors', {}],
    ['has data that is no object', { data: 7 }],
  ])('that %s is an error', async (_what, body) => {
    graph = await openGraph(() => ({ body, headers: { 'x-request-id': 'r-1' } }));
    await expect(graph.connect().me()).rejects.toMatchObject({
      name: 'ShopClientError',
      code: 'BAD_RESPONSE',
      status: 200,
      requestId: 'r-1',
    });
  });
});

describe('an operation of the application', () => {
  const named = <Data, Variables>(text: string) => text as unknown as TypedText<Data, Variables>;
  const text = 'query Names($first: Int) {\n  products(first: $first) { nodes { name } }\n}';

  it('is sent as it is written', async () => {
    const data = { products: { nodes: [{ name: 'Lamp' }] } };
    graph = await openGraph(() => dataOf(data));
    const result = await graph
      .connect()
      .execute(named<typeof data, { first: number }>(text), { first: 1 });
    expect(result).toEqual(data);
    expect(graph.received).toMatchObject([
      { method: 'POST', operation: 'Names', query: text, id: null, variables: { first: 1 } },
    ]);
  });

  it('is refused when it is not a text', async () => {
    graph = await openGraph(() => dataOf({ products: PAGE }));
    const tree = { kind: 'Document', definitions: [] };
    // @ts-expect-error -- a syntax tree is no text: `npm run check -- types` compiles this
    const call = graph.connect().execute(tree, {});
    await expect(call).rejects.toThrow(
      new TypeError(
        "the document must be text: set documentMode: 'string' in GraphQL Code Generator",
      ),
    );
    expect(graph.received).toEqual([]);
  });

  it('fails when there is nothing but errors', async () => {
    graph = await openGraph(() => ({
      body: { data: { products: null }, errors: [{ message: 'no', extensions: { code: 'X' } }] },
    }));
    await expect(graph.connect().execute(named(text), {})).rejects.toMatchObject({ code: 'X' });
  });

  it('is sent once if it is a mutation', async () => {
    graph = await openGraph(() => null);
    const call = graph.connect().execute(named('mutation { logoutEverywhere { x } }'), {});
    await expect(call).rejects.toMatchObject({ code: 'NETWORK' });
    expect(graph.received).toHaveLength(1);
  });
});
