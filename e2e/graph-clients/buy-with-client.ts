import { randomUUID } from 'node:crypto';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { expect, vi } from 'vitest';
import { PASSWORD } from '../testkit/accounts.ts';
import { noteOrder } from '../testkit/made.ts';
import { makeFetch } from '../testkit/make-fetch.ts';
import { newProduct } from '../testkit/products.ts';
import { record } from '../testkit/record.ts';
import { step } from '../testkit/step.ts';
import * as texts from './operations.ts';
import { makeSession, type Session } from './session.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
type Any = any;

/** The errors of a response, as far as a test looks at them. */
type ResultError = {
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
};

/** What a library is asked to do with the graph. */
export type GraphClient = {
  /**
   * Reads with the cache of the library.
   * @param how.isPublic sends a GET without a token
   * @param how.isFresh passes the cache of the library
   * @throws when there is no response of the graph
   */
  readonly read: (
    text: string,
    variables: object,
    how?: { readonly isPublic?: boolean; readonly isFresh?: boolean },
  ) => Promise<{ readonly data: Any; readonly errors: readonly ResultError[] }>;
  /** Reads from the cache alone. */
  readonly readCached: (text: string, variables: object) => Promise<Any>;
  /** Reads the page after another, as a GET. @returns what the library has of the list then */
  readonly readNextPage: (text: string, variables: object, after: string) => Promise<Any>;
  /** @returns the data */
  readonly mutate: (text: string, input?: object) => Promise<Any>;
};

const skusOf = ({ products }: Any): string[] => products.edges.map(({ node }: Any) => node.sku);

/** Buys something with a library, set up as `docs/client-libraries.md` says. */
export const buyWithClient = async (
  open: (settings: { url: string; session: Session; fetch: typeof fetch }) => GraphClient,
): Promise<void> => {
  const warn = vi.spyOn(console, 'warn');
  const products = await Promise.all(
    [1_500, 1_600, 1_700].map((price_cents) => newProduct({ stock: 2, price_cents })),
  );
  const [product] = products;
  const skus = products.map(({ sku }) => sku);
  const firstPage = { first: 2, filter: { skus } };
  const { fetch, sent } = makeFetch();
  const onEnded = vi.fn();
  const url = process.env['E2E_GRAPH_URL'] ?? '';
  const session = makeSession(url, fetch, onEnded);
  const { read, readCached, readNextPage, mutate } = open({ url, session, fetch });

  const tokens = await step('Register', async () => {
    const email = `${randomUUID()}@example.com`;
    const { register } = await mutate(texts.REGISTER, { email, password: PASSWORD });
    expect(register).toMatchObject({ __typename: 'Session', user: { email } });
    record({ kind: 'made', what: 'account', id: register.user.id });
    session.write(register);
    expect(sent).toMatchObject([{ method: 'POST' }]);
    return { accessToken: register.accessToken, refreshToken: register.refreshToken };
  });

  await step('Join two pages in the cache', async () => {
    const before = sent.length;
    const { data } = await read(texts.PRODUCTS, firstPage, { isPublic: true });
    expect(skusOf(data)).toEqual(skus.slice(0, 2));
    const { endCursor, hasNextPage } = data.products.pageInfo;
    expect(hasNextPage).toBe(true);
    expect(skusOf(await readNextPage(texts.PRODUCTS, firstPage, endCursor))).toEqual(skus);
    expect(sent.slice(before)).toMatchObject([{ method: 'GET' }, { method: 'GET' }]);
  });

  await step('Read a page that the shop has stored', () =>
    eventually(async () => {
      await read(texts.PRODUCTS, firstPage, { isPublic: true, isFresh: true });
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
    const cached = await readCached(texts.MY_ORDERS, { first: 5 });
    expect(cached.me.orders.edges).toMatchObject([
      { node: { status: 'CONFIRMED', total: { decimal: '30.00' } } },
    ]);
    const detail = await read(texts.ORDER, { id: order.id });
    expect(detail.data.order.payments).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(detail.data.order.history.map(({ type }: Any) => type)).toContain('CONFIRMED');
  });

  await step('Show the rest of a query of which a part fails', async () => {
    const { data, errors } = await read(texts.CATEGORIES_AND_USER, { id: randomUUID() });
    expect(data).toMatchObject({ categories: expect.any(Array), user: null });
    expect(errors).toMatchObject([{ path: ['user'], extensions: { code: 'FORBIDDEN' } }]);
  });

  await step('Refresh the session once for all requests that wait', async () => {
    const refused = `${tokens.accessToken}x`;
    session.write({ ...tokens, accessToken: refused });
    const before = sent.length;
    const pages = [1, 2, 3].map((first) => read(texts.MY_ORDERS, { first }, { isFresh: true }));
    for (const { data, errors } of await Promise.all(pages)) {
      expect(errors).toEqual([]);
      expect(data.me.orders.edges).toMatchObject([{ node: { id: order.id } }]);
    }
    const bodies = sent.slice(before).map(({ body = '' }) => body);
    expect(bodies.filter((body) => body.includes('refreshSession('))).toHaveLength(1);
    expect(session.read()?.accessToken).not.toBe(refused);
    expect(onEnded).not.toHaveBeenCalled();
  });

  await step('Sign out', async () => {
    expect(await mutate(texts.LOGOUT)).toMatchObject({ logout: { count: 1 } });
    // Every service knows of it within a second.
    await eventually(() =>
      expect(read(texts.MY_ORDERS, { first: 4 }, { isFresh: true })).rejects.toThrow(
        'refresh token',
      ),
    );
    expect(onEnded).toHaveBeenCalledTimes(1);
    expect(session.read()).toBeNull();
  });
  expect(warn).not.toHaveBeenCalled();
};
