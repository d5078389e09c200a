import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelled, cancelledBody, failWith, ID, order, orderBody, OTHER_ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const body = { items: [{ product_id: OTHER_ID, qty: 2 }] };
describe('orders', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('makes an order and says where it is', async () => {
    rest.router.respond({ createOrder: order });
    const headers = { 'idempotency-key': 'key-1' };
    const reply = await rest.send('POST', '/v1/orders', { body, headers });
    expect(reply).toMatchObject({ status: 201, headers: { location: `/v1/orders/${ID}` } });
    expect(reply.body).toEqual(orderBody);
    expect(lastVariables()).toEqual({
      input: { items: [{ productId: OTHER_ID, quantity: 2 }], idempotencyKey: 'key-1' },
    });
  });

  it('makes an order without an idempotency key', async () => {
    rest.router.respond({ createOrder: order });
    expect((await rest.send('POST', '/v1/orders', { body })).status).toBe(201);
    expect(lastVariables()).toEqual({ input: { items: [{ productId: OTHER_ID, quantity: 2 }] } });
  });

  it('returns what is left when stock is short', async () => {
    rest.router.respond({
      createOrder: {
        __typename: 'OutOfStockProblem',
        code: 'OUT_OF_STOCK',
        message: 'There is not enough stock.',
        shortages: [{ productId: OTHER_ID, sku: 'MUG-1', requested: 2, available: 1 }],
      },
    });
    const reply = await rest.send('POST', '/v1/orders', { body });
    expect(reply.status).toBe(409);
    expect(reply.body).toEqual({
      type: 'https://cartograph.example/problems/out-of-stock',
      title: 'There is not enough stock.',
      status: 409,
      detail: 'There is not enough stock.',
      instance: '/v1/orders',
      code: 'OUT_OF_STOCK',
      shortages: [{ product_id: OTHER_ID, sku: 'MUG-1', requested: 2, available: 1 }],
    });
  });

  it.each([
    ['IdempotencyConflictProblem', 'IDEMPOTENCY_CONFLICT', 409, {}, {}],
    ['MixedCurrenciesProblem', 'MIXED_CURRENCIES', 422, {}, {}],
    ['ProductNotFoundProblem', 'PRODUCT_NOT_FOUND', 404, { productId: ID }, { product_id: ID }],
    [
      'RequestInFlightProblem',
      'REQUEST_IN_FLIGHT',
      409,
      { retryAfterSeconds: 3 },
      { retry_after_seconds: 3 },
    ],
  ])('translates %s', async (__typename, code, status, carried, extension) => {
    rest.router.respond({ createOrder: { __typename, code, message: 'Said.', ...carried } });
    const reply = await rest.send('POST', '/v1/orders', { body });
    expect(reply).toMatchObject({ status, body: { code, detail: 'Said.', ...extension } });
  });

  it('calls the fields that the graph refuses as the body does', async () => {
    rest.router.respond({
      createOrder: {
        __typename: 'ValidationFailedProblem',
        code: 'VALIDATION_FAILED',
        message: 'items.0.quantity: must be 1 or more',
        fields: [
          { path: 'items.0.quantity', message: 'must be 1 or more' },
          { path: 'items.1.productId', message: 'is not an id' },
          { path: 'idempotencyKey', message: 'must have 255 characters or fewer' },
        ],
      },
    });
    const reply = await rest.send('POST', '/v1/orders', {
      body: { items: [{ product_id: 'x', qty: 0 }] },
    });
    expect(reply).toMatchObject({
      status: 422,
      body: {
        code: 'VALIDATION_FAILED',
        detail: 'items.0.qty: must be 1 or more',
        errors: [
          { field: 'items.0.qty', message: 'must be 1 or more' },
          { field: 'items.1.product_id', message: 'is not an id' },
          { field: 'Idempotency-Key', message: 'must have 255 characters or fewer' },
        ],
      },
    });
  });

  it('lists one’s own orders', async () => {
    const gone = { ...order, items: order.items.map((item) => ({ ...item, product: null })) };
    const orders = {
      nodes: [gone],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'c' },
    };
    rest.router.respond({ me: { id: ID, orders } });
    const reply = await rest.send('GET', '/v1/orders?limit=5&cursor=a&status=PENDING');
    expect(reply).toMatchObject({
      status: 200,
      body: {
        data: [{ ...orderBody, items: [{ ...orderBody.items[0], product_id: null }] }],
        page: { next_cursor: 'c', has_more: true },
      },
    });
    expect(lastVariables()).toEqual({ first: 5, after: 'a', status: 'PENDING' });
  });

  it('lists no orders without a user, nor while they cannot be read', async () => {
    rest.router.respond({ me: null });
    expect(await rest.send('GET', '/v1/orders')).toMatchObject({ status: 401 });
    rest.router.respond({ me: { id: ID, orders: failWith('DOWNSTREAM_SERVICE_ERROR') } });
    const reply = await rest.send('GET', '/v1/orders');
    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'UNAVAILABLE' },
    });
    expect(await rest.send('GET', '/v1/orders?status=pending')).toMatchObject({ status: 422 });
  });

  it('lists the orders of all accounts for administrators', async () => {
    const orders = {
      nodes: [order],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'c' },
    };
    rest.router.respond({ orders });
    const reply = await rest.send('GET', '/v1/orders?all=true&limit=5&status=PENDING');
    expect(reply).toMatchObject({
      status: 200,
      headers: { link: '</v1/orders?all=true&limit=5&status=PENDING&cursor=c>; rel="next"' },
      body: { data: [orderBody], page: { next_cursor: 'c', has_more: true } },
    });
    expect(lastVariables()).toEqual({ first: 5, status: 'PENDING' });
    rest.router.respond({ orders: failWith('FORBIDDEN') });
    expect(await rest.send('GET', '/v1/orders?all=true')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    rest.router.respond({ me: { id: ID, orders } });
    expect((await rest.send('GET', '/v1/orders?all=false')).status).toBe(200);
  });

  it('answers one order', async () => {
    rest.router.respond({ order: cancelled });
    const reply = await rest.send('GET', `/v1/orders/${ID}`);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(cancelledBody);
    expect(lastVariables()).toEqual({ id: ID });
  });

  it('answers one order by its number', async () => {
    rest.router.respond({ order });
    const reply = await rest.send('GET', '/v1/orders/by-number/C-100001');
    expect([reply.status, reply.body]).toEqual([200, orderBody]);
    expect(lastVariables()).toEqual({ number: 'C-100001' });
    rest.router.respond({ order: null });
    for (const number of ['C-1', 'x'.repeat(21), '%00', '%F0%9F%98%80']) {
      expect(await rest.send('GET', `/v1/orders/by-number/${number}`)).toMatchObject({
        status: 404,
        body: { code: 'ORDER_NOT_FOUND' },
      });
      expect((lastVariables()?.['number'] as string).length).toBeLessThan(21);
    }
  });

  it.each(['/v1/orders', '/v1/orders?all=true', `/v1/users/${ID}/orders`])(
    '%s is read backward, too',
    async (url) => {
      const pageInfo = {
        hasNextPage: true,
        hasPreviousPage: true,
        startCursor: 's',
        endCursor: 'e',
      };
      const orders = { nodes: [order], pageInfo };
      rest.router.respond({ orders, me: { id: ID, orders }, user: { id: ID, orders } });
      const mark = url.includes('?') ? '&' : '?';
      const { status, body, headers } = await rest.send('GET', `${url}${mark}limit=1&before=b`);
      expect([status, body]).toEqual([
        200,
        {
          data: [orderBody],
          page: { next_cursor: 'e', has_more: true, prev_cursor: 's' },
        },
      ]);
      expect(headers['link']).toContain('before=s>; rel="prev"');
      expect(lastVariables()).toMatchObject({ last: 1, before: 'b' });
      expect(await rest.send('GET', `${url}${mark}cursor=a&before=b`)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'before', message: 'must not be given together with cursor' }] },
      });
    },
  );

  it('does not find another user’s order, nor one whose id is not valid', async () => {
    rest.router.respond({ order: null });
    for (const id of [ID, 'no-uuid']) {
      const reply = await rest.send('GET', `/v1/orders/${id}`);
      expect(reply).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    }
    rest.router.respond({ order: failWith('UNAUTHENTICATED') });
    expect(await rest.send('GET', '/v1/orders/no-uuid')).toMatchObject({ status: 401 });
  });
});
