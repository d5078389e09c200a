import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { OperationContext } from '@urql/core';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { expect, it, jest } from '@jest/globals';
import * as texts from '../graph-clients/operations.ts';
import { makeUrqlClient, PUBLIC } from '../graph-clients/urql/make-urql-client.ts';
import { readIntrospection } from '../graph-clients/urql/read-introspection.ts';
import { PASSWORD } from '../testkit/accounts.ts';
import { noteOrder } from '../testkit/made.ts';
import { makeFetch } from '../testkit/make-fetch.ts';
import { newProduct } from '../testkit/products.ts';
import { record } from '../testkit/record.ts';
import { step } from '../testkit/step.ts';

const api = path.resolve(import.meta.dirname, '..', '..', 'apps', 'router', 'api.graphql');

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
type Any = any;

const skusOf = ({ products }: Any): string[] => products.edges.map(({ node }: Any) => node.sku);

it('buys with urql', async () => {
  const warn = jest.spyOn(console, 'warn');
  const products = await Promise.all(
    [1_500, 1_600, 1_700].map((price_cents) => newProduct({ stock: 2, price_cents })),
  );
  const [product] = products;
  const skus = products.map(({ sku }) => sku);
  const firstPage = { first: 2, filter: { skus } };
  const { fetch, sent } = makeFetch();
  let token: string | null = null;
  const onUnauthenticated = jest.fn();
  const url = process.env['E2E_GRAPH_URL'] ?? '';
  const client = makeUrqlClient({
    url,
    readToken: () => token,
    onUnauthenticated,
    fetch,
    schema: readIntrospection(api),
  });
  const read = (text: string, variables: object, context?: Partial<OperationContext>) =>
    client.query<Any>(text, variables, context).toPromise();
  const mutate = async (text: string, input?: object): Promise<Any> =>
    (await client.mutation<Any>(text, { input }).toPromise()).data;

  await step('Register', async () => {
    const email = `${randomUUID()}@example.com`;
    const { register } = await mutate(texts.REGISTER, { email, password: PASSWORD });
    expect(register).toMatchObject({ __typename: 'Session', user: { email } });
    record({ kind: 'made', what: 'account', id: register.user.id });
    token = register.accessToken;
    expect(sent).toMatchObject([{ method: 'POST' }]);
  });

  await step('Join two pages in the cache', async () => {
    const before = sent.length;
    const { data } = await read(texts.PRODUCTS, firstPage, PUBLIC);
    expect(skusOf(data)).toEqual(skus.slice(0, 2));
    const { endCursor, hasNextPage } = data.products.pageInfo;
    expect(hasNextPage).toBe(true);
    const all = await read(texts.PRODUCTS, { ...firstPage, after: endCursor }, PUBLIC);
    expect(skusOf(all.data)).toEqual(skus);
    expect(sent.slice(before)).toMatchObject([{ method: 'GET' }, { method: 'GET' }]);
  });

  await step('Read a page that the shop has stored', () =>
    eventually(async () => {
      await read(texts.PRODUCTS, firstPage, { ...PUBLIC, requestPolicy: 'network-only' });
      const { method, headers, age } = sent.at(-1) ?? {};
      expect([method, headers?.['authorization']]).toEqual(['GET', undefined]);
      expect(headers).toMatchObject({ 'apollographql-client-name': 'storefront' });
      expect(age).toMatch(/^[1-5]$/);
    }),
  );

  await step('Read a problem from the cache', async () => {
    const variables = { items: [{ productId: randomUUID(), quantity: 1 }] };
    const { data } = await read(texts.PREVIEW, variables);
    expect(data.orderPreview).toEqual({
      __typename: 'ProductNotFoundProblem',
      code: 'PRODUCT_NOT_FOUND',
      message: expect.any(String),
    });
  });

  const order = await step('Order too much, and then what is there', async () => {
    const input = (quantity: number) => ({ items: [{ productId: product?.id, quantity }] });
    const tooMuch = await mutate(texts.CREATE_ORDER, input(3));
    expect(tooMuch.createOrder).toMatchObject({
      code: 'OUT_OF_STOCK',
      shortages: [{ sku: product?.sku, requested: 3, available: 2 }],
    });
    const keyed = { ...input(2), idempotencyKey: randomUUID() };
    const { createOrder } = await mutate(texts.CREATE_ORDER, keyed);
    noteOrder(createOrder.id);
    expect(createOrder).toMatchObject({ status: 'PENDING', total: { amount: 3_000 } });
    return createOrder;
  });

  await step('Pay: the list that was read before shows it', async () => {
    const { data } = await read(texts.MY_ORDERS, { first: 5 });
    expect(data.me.orders.edges).toMatchObject([{ node: { id: order.id, status: 'PENDING' } }]);
    const { payOrder } = await mutate(texts.PAY_ORDER, { orderId: order.id });
    expect(payOrder).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'SUCCEEDED' });
    const cached = await read(texts.MY_ORDERS, { first: 5 }, { requestPolicy: 'cache-only' });
    expect(cached.data.me.orders.edges).toMatchObject([
      { node: { status: 'CONFIRMED', total: { decimal: '30.00' } } },
    ]);
    const detail = await read(texts.ORDER, { id: order.id });
    expect(detail.data.order.payments).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(detail.data.order.history.map(({ type }: Any) => type)).toContain('CONFIRMED');
  });

  await step('Show the rest of a query of which a part fails', async () => {
    const { data, error } = await read(texts.CATEGORIES_AND_USER, { id: randomUUID() });
    expect(data).toMatchObject({ categories: expect.any(Array), user: null });
    expect(error?.graphQLErrors).toMatchObject([
      { path: ['user'], extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  await step('Sign out', async () => {
    const valid = token;
    token = `${token}x`;
    expect(onUnauthenticated).not.toHaveBeenCalled();
    const refused = await read(texts.MY_ORDERS, {}, { requestPolicy: 'network-only' });
    expect(refused.error?.graphQLErrors).toHaveLength(1);
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    token = valid;
    expect(await mutate(texts.LOGOUT)).toMatchObject({ logout: { count: 1 } });
  });
  expect(warn).not.toHaveBeenCalled();
});
