import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  failWith,
  historyLines,
  ID,
  order,
  payment,
  product,
  refund,
  TIME,
  user,
} from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

/** A router that allows caching of everything, which the real one never does. */
const CACHED = 'max-age=60, public';

const session = {
  __typename: 'Session',
  accessToken: 'access',
  accessTokenExpiresAt: TIME,
  refreshToken: 'refresh',
  refreshTokenExpiresAt: TIME,
  user,
};
const ended = { __typename: 'SessionsEnded', count: 1 };
const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
const products = { nodes: [product], pageInfo, totalCount: 1, totalCountExceeded: false };

/** What every operation is answered with. */
const everything = {
  adjustStock: product,
  archiveProduct: product,
  cancelOrder: order,
  categories: [{ name: 'kitchen', productCount: 3 }],
  changePassword: ended,
  createOrder: order,
  createProduct: product,
  login: session,
  logout: ended,
  logoutEverywhere: ended,
  me: { ...user, sessions: [], orders: { nodes: [order], pageInfo } },
  order: { ...order, history: [historyLines.expired] },
  orderPreview: { __typename: 'OrderPreview', items: [], total: product.price, isAvailable: true },
  orders: { nodes: [order], pageInfo },
  payOrder: { ...order, paymentStatus: payment.status, paymentId: payment.id },
  payment,
  paymentMethods: [],
  product,
  products,
  recordPaymentEvent: { __typename: 'PaymentEvent', id: ID, received: TIME, duplicate: false },
  refreshSession: session,
  refundPayment: refund,
  register: session,
  restoreProduct: product,
  revokeSession: ended,
  stockMovements: { nodes: [], pageInfo },
  updateOrderStatus: order,
  updateProduct: product,
  updateProfile: { ...user, __typename: 'User' },
  user: { ...user, sessions: [], orders: { nodes: [order], pageInfo } },
};

const PUBLIC = [
  'GET /v1/categories',
  'GET /v1/products',
  'GET /v1/products/by-sku/{sku}',
  'GET /v1/products/{id}',
];

const credentials = { email: 'ann@example.com', password: 'correct horse' };

/** The bodies that routes ask for. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /v1/me': { name: 'Ann' },
  'PATCH /v1/products/{id}': { name: 'Cup' },
  'POST /v1/auth/login': credentials,
  'POST /v1/auth/password': { current_password: 'x', new_password: 'y' },
  'POST /v1/auth/refresh': { refresh_token: 'x' },
  'POST /v1/auth/register': credentials,
  'POST /v1/orders': { items: [{ product_id: ID, qty: 1 }] },
  'POST /v1/orders/preview': { items: [{ product_id: ID, qty: 1 }] },
  'POST /v1/orders/{id}/cancel': {},
  'POST /v1/orders/{id}/status': { status: 'CANCELLED' },
  'POST /v1/payments/{id}/refunds': { reason: 'broken' },
  'POST /v1/products': { sku: 'MUG-1', name: 'Mug', price_cents: 1, currency: 'EUR' },
  'POST /v1/products/{id}/stock': { delta: 1, reason: 'found' },
  'POST /v1/webhooks/payments/{provider}': {},
};

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({ CORS_ORIGINS: 'https://shop.example' });
});

afterAll(() => rest.close());

/** Every route, as the OpenAPI document has it. */
const listRoutes = async (): Promise<string[]> => {
  const { paths } = (await rest.app.inject('/openapi.json')).json<{ paths: object }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
};

const sendTo = (route: string) => {
  const [method = '', path = ''] = route.split(' ');
  const body = BODIES[route];
  const url = path.replace('{provider}', 'simulator').replaceAll(/\{\w+\}/g, ID);
  return rest.send(method as 'GET', url, {
    headers: { 'if-match': '3', authorization: 'Bearer abc', 'simulator-signature': 'x' },
    ...(body && { body }),
  });
};

describe('what may be cached', () => {
  it('is the catalogue only, also when the router allows more', async () => {
    rest.router.respond(everything, { 'cache-control': CACHED });
    const policies: Record<string, unknown> = {};
    for (const route of await listRoutes()) {
      const { status, headers } = await sendTo(route);
      expect({ route, isDone: status < 300 }).toEqual({ route, isDone: true });
      policies[route] = headers['cache-control'];
    }
    expect(Object.keys(policies).length).toBeGreaterThan(20);
    const cached = Object.keys(policies).filter((route) => policies[route] !== 'no-store');
    expect(cached.sort()).toEqual(PUBLIC);
    for (const route of PUBLIC) expect(policies[route]).toBe(CACHED);
  });

  it('is no problem of any route', async () => {
    const fields = Object.keys(everything);
    for (const code of ['UNAUTHENTICATED', 'INTERNAL', 'UNAVAILABLE']) {
      const results = Object.fromEntries(fields.map((field) => [field, failWith(code)]));
      rest.router.respond(results, { 'cache-control': CACHED });
      for (const route of await listRoutes()) {
        const { status, headers } = await sendTo(route);
        expect({ route, isProblem: status >= 400, policy: headers['cache-control'] }).toEqual({
          route,
          isProblem: true,
          policy: 'no-store',
        });
        expect(headers).not.toHaveProperty('etag');
      }
    }
  });

  it.each([
    ['GET', '/v1/products?limit=0'],
    ['GET', '/v1/products?cursor=a&before=b'],
    ['GET', '/v1/products/by-sku/%ZZ'],
    ['GET', '/v1/nothing'],
    ['DELETE', '/v1/products'],
  ] as const)('is not a problem: %s %s', async (method, url) => {
    const { status, headers } = await rest.send(method, url);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is no product that is not there', async () => {
    rest.router.respond({ product: null }, { 'cache-control': CACHED });
    const reply = await rest.send('GET', `/v1/products/${ID}`);
    expect([reply.status, reply.headers['cache-control']]).toEqual([404, 'no-store']);
  });

  it('does not cache partial responses, or those without Cache-Control', async () => {
    rest.router.respond(everything);
    for (const route of PUBLIC) {
      expect((await sendTo(route)).headers['cache-control']).toBe('no-store');
    }
    const inPart = { ...product, imageUrl: failWith('UNAVAILABLE') };
    rest.router.respond({ product: inPart }, { 'cache-control': CACHED });
    const reply = await rest.send('GET', `/v1/products/${ID}`);
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store']);
  });

  it.each(['max-age=5, public', 'no-store', 'public,max-age=1'])(
    'is decided by the router alone: %s',
    async (policy) => {
      rest.router.respond(everything, { 'cache-control': policy });
      for (const route of PUBLIC) {
        expect((await sendTo(route)).headers['cache-control']).toBe(policy);
      }
    },
  );
});

describe('a copy that a client has', () => {
  const urls = [
    '/v1/products',
    '/v1/products?include_total=true',
    '/v1/categories',
    `/v1/products/${ID}`,
    '/v1/products/by-sku/MUG-1',
  ];

  const get = (url: string, known?: string) =>
    rest.app.inject({
      url,
      headers: {
        origin: 'https://shop.example',
        ...(known !== undefined && { 'if-none-match': known }),
      },
    });

  it.each(urls)('of %s is good while nothing changed', async (url) => {
    rest.router.respond(everything, { 'cache-control': CACHED });
    const { headers, statusCode } = await get(url);
    expect(statusCode).toBe(200);
    const etag = String(headers.etag);
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(url, known);
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect(again.headers).toMatchObject({ etag, 'cache-control': CACHED, vary: headers.vary });
    }
    expect((await get(url, '"other"')).statusCode).toBe(200);
    const head = await rest.app.inject({ method: 'HEAD', url, headers: { 'if-none-match': etag } });
    expect(head.statusCode).toBe(304);
  });

  it.each(urls)('of %s is not once anything in it did', async (url) => {
    rest.router.respond(everything, { 'cache-control': CACHED });
    const etag = String((await get(url)).headers.etag);
    const sold = { ...product, stock: 6 };
    rest.router.respond({
      product: sold,
      products: { ...products, nodes: [sold] },
      categories: [{ name: 'kitchen', productCount: 2 }],
    });
    const changed = await get(url, etag);
    expect(changed.statusCode).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
  });

  it('is of the page that was requested', async () => {
    rest.router.respond(everything, { 'cache-control': CACHED });
    const [plain, counted] = await Promise.all([get(urls[0] ?? ''), get(urls[1] ?? '')]);
    expect(counted.headers.etag).not.toBe(plain.headers.etag);
  });

  it('is one for every account, and one for every origin that may read it', async () => {
    rest.router.respond(everything, { 'cache-control': CACHED });
    for (const url of urls) {
      expect((await get(url)).headers.vary).toBe('Origin, Accept-Encoding');
    }
  });
});
