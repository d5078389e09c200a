import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { graph } from '../testkit/graph.ts';
import { newShopper } from '../testkit/accounts.ts';
import { newProduct, stockOf } from '../testkit/products.ts';
import { rest, type RestResponse } from '../testkit/rest.ts';

/** No response shows where in the code something failed, or which technology is used. */
const INTERNALS = /node_modules|\.ts:\d|at \w+ \(|prisma|postgres|ECONNREFUSED|stacktrace/i;

const expectProblem = (response: RestResponse, status: number, code: string): void => {
  expect({ status: response.status, code: response.body?.code }).toEqual({ status, code });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(response.body).toMatchObject({
    type: expect.stringMatching(/^https:/),
    title: expect.any(String),
    status,
    detail: expect.any(String),
    instance: expect.stringMatching(/^\/v1\//),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(response.text).not.toMatch(INTERNALS);
};

const NO_ID = '01890000-0000-7000-8000-000000000000';

describe('the REST API', () => {
  it.each([
    ['no JSON', '{"items":', 400, 'MALFORMED_REQUEST'],
    ['an empty basket', { items: [] }, 422, 'VALIDATION_FAILED'],
    ['a wrong type', { items: 'all of them' }, 422, 'VALIDATION_FAILED'],
    [
      'an unknown field',
      { items: [{ product_id: NO_ID, qty: 1 }], gift: true },
      422,
      'VALIDATION_FAILED',
    ],
    ['a quantity of zero', { items: [{ product_id: NO_ID, qty: 0 }] }, 422, 'VALIDATION_FAILED'],
    ['a negative quantity', { items: [{ product_id: NO_ID, qty: -1 }] }, 422, 'VALIDATION_FAILED'],
    ['half a unit', { items: [{ product_id: NO_ID, qty: 0.5 }] }, 422, 'VALIDATION_FAILED'],
    ['a quantity as text', { items: [{ product_id: NO_ID, qty: '1' }] }, 422, 'VALIDATION_FAILED'],
    ['an overflow', { items: [{ product_id: NO_ID, qty: 1e20 }] }, 422, 'VALIDATION_FAILED'],
    ['a malformed id', { items: [{ product_id: 'lamp', qty: 1 }] }, 422, 'VALIDATION_FAILED'],
    ['an unknown product', { items: [{ product_id: NO_ID, qty: 1 }] }, 404, 'PRODUCT_NOT_FOUND'],
  ])('refuses an order with %s', async (_, body, status, code) => {
    const { token } = await newShopper();
    expectProblem(await rest('POST', '/v1/orders', { token, body }), status, code);
    const mine = await rest('GET', '/v1/orders', { token });
    expect(mine.body.data).toEqual([]);
  });

  it('refuses an order without a token, and with a malformed one', async () => {
    const body = { items: [{ product_id: NO_ID, qty: 1 }] };
    expectProblem(await rest('POST', '/v1/orders', { body }), 401, 'UNAUTHENTICATED');
    const forged = await rest('POST', '/v1/orders', { body, token: 'eyJhbGciOiJub25lIn0.e30.' });
    expectProblem(forged, 401, 'UNAUTHENTICATED');
  });

  it("hides a stranger's order, from reading and from paying", async () => {
    const [owner, stranger] = await Promise.all([newShopper(), newShopper()]);
    const product = await newProduct({ stock: 2 });
    const { body: placed } = await rest('POST', '/v1/orders', {
      token: owner.token,
      body: { items: [{ product_id: product.id, qty: 1 }] },
    });
    const { token } = stranger;
    expectProblem(await rest('GET', `/v1/orders/${placed.id}`, { token }), 404, 'ORDER_NOT_FOUND');
    expectProblem(
      await rest('POST', `/v1/orders/${placed.id}/pay`, { token }),
      404,
      'ORDER_NOT_FOUND',
    );
    const own = await rest('GET', `/v1/orders/${placed.id}`, { token: owner.token });
    expect(own.body.status).toBe('PENDING');
  });

  it('lets only an administrator change the catalogue', async () => {
    const { token } = await newShopper();
    const product = await newProduct({ stock: 2 });
    const body = {
      sku: 'X-1',
      name: 'X',
      description: '',
      price_cents: 1,
      currency: 'EUR',
      stock: 1,
    };
    expectProblem(await rest('POST', '/v1/products', { token, body }), 403, 'FORBIDDEN');
    const adjust = { delta: 100, reason: 'mine now' };
    const path = `/v1/products/${product.id}/stock`;
    expectProblem(await rest('POST', path, { token, body: adjust }), 403, 'FORBIDDEN');
    expect(await stockOf(product)).toBe(2);
  });

  it('responds with 404 to unknown ids and addresses, and with 405 to an unknown method', async () => {
    expectProblem(await rest('GET', '/v1/products/lamp'), 404, 'PRODUCT_NOT_FOUND');
    expectProblem(await rest('GET', `/v1/products/${NO_ID}`), 404, 'PRODUCT_NOT_FOUND');
    expectProblem(await rest('GET', '/v1/nothing'), 404, 'NOT_FOUND');
    expectProblem(await rest('DELETE', '/v1/products'), 405, 'METHOD_NOT_ALLOWED');
  });

  it('refuses a registration that breaks a rule, and names the fields', async () => {
    const refused = await rest('POST', '/v1/auth/register', {
      body: { email: 'x', password: 'y' },
    });
    expectProblem(refused, 422, 'VALIDATION_FAILED');
    const fields = (refused.body.errors as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(['email', 'password']);
  });

  it("names the caller's trace in an error", async () => {
    // W3C Trace Context: the trace of the caller continues in the shop.
    const traceId = randomBytes(16).toString('hex');
    const { body } = await rest('GET', '/v1/me', {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED', trace_id: traceId });
  });
});

describe('the GraphQL API', () => {
  const CREATE = `mutation ($input: CreateOrderInput!) {
    createOrder(input: $input) { __typename ... on Problem { code } }
  }`;

  const create = async (items: unknown) => {
    const { token } = await newShopper();
    const response = await graph(CREATE, { input: { items } }, { token });
    expect(response.text).not.toMatch(INTERNALS);
    return response;
  };

  it.each([
    ['zero', 0],
    ['a negative quantity', -3],
    ['too many', 1001],
  ])('refuses %s as data', async (_, quantity) => {
    const { data } = await create([{ productId: NO_ID, quantity }]);
    expect(data.createOrder.code).toBe('VALIDATION_FAILED');
  });

  it.each([
    ['a wrong type', [{ productId: NO_ID, quantity: 'many' }]],
    ['half a unit', [{ productId: NO_ID, quantity: 1.5 }]],
    ['an overflow', [{ productId: NO_ID, quantity: 2 ** 31 }]],
    ['an unknown field', [{ productId: NO_ID, quantity: 1, gift: true }]],
  ])('refuses %s as input that does not fit the schema', async (_, items) => {
    const { errors } = await create(items);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('refuses a malformed id', async () => {
    const { data } = await create([{ productId: "'; DROP TABLE orders; --", quantity: 1 }]);
    expect(data.createOrder.code).toBe('VALIDATION_FAILED');
    const { errors } = await graph('{ product(id: "lamp") { id } }');
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('refuses a request without a token, and does not know a service-only field', async () => {
    const order = await graph(CREATE, { input: { items: [] } });
    expect(order.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const reserve = await graph(`mutation { releaseReservation(orderId: "${NO_ID}") { status } }`);
    expect(reserve.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('refuses malformed GraphQL and malformed JSON', async () => {
    expect((await graph('{')).errors[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    const url = process.env['E2E_GRAPH_URL'] ?? '';
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(INTERNALS);
  });

  it('refuses a query whose fragments expand to more fields than allowed', async () => {
    const fragments = Array.from(
      { length: 18 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
    );
    const query = `{ ...f0 } ${fragments.join(' ')} fragment f18 on Query { __typename }`;
    const { status, errors } = await graph(query);
    expect(status).toBe(400);
    expect(errors[0]?.extensions.code).toBe('OPERATION_TOO_LARGE');
  });
});
