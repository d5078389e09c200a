import { randomUUID } from 'node:crypto';
import { CombinedGraphQLErrors, gql, type TypedDocumentNode } from '@apollo/client';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { expect, it, jest } from '@jest/globals';
import { filter, firstValueFrom } from 'rxjs';
import { makeApolloClient, PUBLIC } from '../graph-clients/apollo/make-apollo-client.ts';
import * as texts from '../graph-clients/operations.ts';
import { PASSWORD } from '../testkit/accounts.ts';
import { noteOrder } from '../testkit/made.ts';
import { makeFetch } from '../testkit/make-fetch.ts';
import { newProduct } from '../testkit/products.ts';
import { record } from '../testkit/record.ts';
import { step } from '../testkit/step.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
type Any = any;

const documentOf = (text: string): TypedDocumentNode<Any, Any> => gql(text);
const PRODUCTS = documentOf(texts.PRODUCTS);
const MY_ORDERS = documentOf(texts.MY_ORDERS);

const skusOf = ({ products }: Any): string[] => products.edges.map(({ node }: Any) => node.sku);

it('buys with Apollo Client', async () => {
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
  const uri = process.env['E2E_GRAPH_URL'] ?? '';
  const client = makeApolloClient({ uri, readToken: () => token, onUnauthenticated, fetch });
  const mutate = async (text: string, input?: object): Promise<Any> => {
    const { data } = await client.mutate({ mutation: documentOf(text), variables: { input } });
    return data;
  };

  await step('Register', async () => {
    const email = `${randomUUID()}@example.com`;
    const { register } = await mutate(texts.REGISTER, { email, password: PASSWORD });
    expect(register).toMatchObject({ __typename: 'Session', user: { email } });
    record({ kind: 'made', what: 'account', id: register.user.id });
    token = register.accessToken;
  });

  await step('Join two pages in the cache', async () => {
    const before = sent.length;
    const list = client.watchQuery({ query: PRODUCTS, variables: firstPage, context: PUBLIC });
    const shown = list.subscribe(() => {});
    const complete = list.pipe(filter(({ dataState }) => dataState === 'complete'));
    const { data } = await firstValueFrom(complete);
    expect(skusOf(data)).toEqual(skus.slice(0, 2));
    const { endCursor, hasNextPage } = data.products.pageInfo;
    expect(hasNextPage).toBe(true);
    await list.fetchMore({ variables: { after: endCursor } });
    expect(skusOf(client.readQuery({ query: PRODUCTS, variables: firstPage }))).toEqual(skus);
    shown.unsubscribe();
    expect(sent.slice(before)).toMatchObject([{ method: 'GET' }, { method: 'GET' }]);
  });

  await step('Read a page that the shop has stored', () =>
    eventually(async () => {
      const fresh = { context: PUBLIC, fetchPolicy: 'network-only' } as const;
      await client.query({ query: PRODUCTS, variables: firstPage, ...fresh });
      const { method, headers, age } = sent.at(-1) ?? {};
      expect([method, headers?.['authorization']]).toEqual(['GET', undefined]);
      expect(headers).toMatchObject({ 'apollographql-client-name': 'storefront' });
      expect(age).toMatch(/^[1-5]$/);
    }),
  );

  await step('Read a problem from the cache', async () => {
    const variables = { items: [{ productId: randomUUID(), quantity: 1 }] };
    const { data } = await client.query({ query: documentOf(texts.PREVIEW), variables });
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
    const mine = { query: MY_ORDERS, variables: { first: 5 } };
    const { data } = await client.query(mine);
    expect(data.me.orders.edges).toMatchObject([{ node: { id: order.id, status: 'PENDING' } }]);
    const { payOrder } = await mutate(texts.PAY_ORDER, { orderId: order.id });
    expect(payOrder).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'SUCCEEDED' });
    expect(client.readQuery(mine)?.me.orders.edges).toMatchObject([
      { node: { status: 'CONFIRMED', total: { decimal: '30.00' } } },
    ]);
    const variables = { id: order.id };
    const read = await client.query({ query: documentOf(texts.ORDER), variables });
    expect(read.data.order.payments).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(read.data.order.history.map(({ type }: Any) => type)).toContain('CONFIRMED');
  });

  await step('Show the rest of a query of which a part fails', async () => {
    const query = documentOf(texts.CATEGORIES_AND_USER);
    const variables = { id: randomUUID() };
    const { data, error } = await client.query({ query, variables, errorPolicy: 'all' });
    expect(data).toMatchObject({ categories: expect.any(Array), user: null });
    expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([
      { path: ['user'], extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  await step('Sign out', async () => {
    const valid = token;
    token = `${token}x`;
    expect(onUnauthenticated).not.toHaveBeenCalled();
    const refused = client.query({ query: MY_ORDERS, fetchPolicy: 'network-only' });
    await expect(refused).rejects.toThrow(CombinedGraphQLErrors);
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    token = valid;
    expect(await mutate(texts.LOGOUT)).toMatchObject({ logout: { count: 1 } });
    await client.clearStore();
  });
  expect(warn).not.toHaveBeenCalled();
});
