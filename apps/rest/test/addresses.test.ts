import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

type Document = {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>>;
  components: { schemas: Record<string, { properties: object }> };
};

describe('addresses', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  it.each(['/v1', '/v1/nothing', '/docs/static/nothing.js'])('has nothing at %s', async (url) => {
    const reply = await rest.send('GET', url);
    expect(reply).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'NOT_FOUND', instance: url },
    });
  });

  it('redirects / to the documentation', async () => {
    const reply = await rest.app.inject('/');
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/docs']);
  });

  it('does not mind the body of what is not there', async () => {
    const reply = await rest.sendRaw({
      method: 'POST',
      url: '/v1/nothing',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(reply.status).toBe(404);
  });

  it.each([
    ['PUT', '/v1/products', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', `/v1/products/${ID}`, 'GET, HEAD, OPTIONS, PATCH'],
    ['GET', '/v1/auth/login', 'OPTIONS, POST'],
    ['GET', '/v1/webhooks/payments/simulator', 'OPTIONS, POST'],
    ['DELETE', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ] as const)('refuses %s %s and says what it answers', async (method, url, allow) => {
    const reply = await rest.send(method, url);
    expect(reply).toMatchObject({
      status: 405,
      headers: { allow },
      body: { code: 'METHOD_NOT_ALLOWED' },
    });
  });

  it('describes every route, its answers and its problems', async () => {
    const response = await rest.app.inject('/openapi.json');
    const document = response.json<Document>();
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'DELETE /v1/me/sessions/{id}',
      'GET /v1/categories',
      'GET /v1/me',
      'GET /v1/me/sessions',
      'GET /v1/orders',
      'GET /v1/orders/by-number/{number}',
      'GET /v1/orders/{id}',
      'GET /v1/orders/{id}/events',
      'GET /v1/orders/{id}/history',
      'GET /v1/orders/{id}/payments',
      'GET /v1/orders/{id}/stock-movements',
      'GET /v1/payment-methods',
      'GET /v1/payments/{id}',
      'GET /v1/payments/{id}/refunds',
      'GET /v1/products',
      'GET /v1/products/by-sku/{sku}',
      'GET /v1/products/{id}',
      'GET /v1/products/{id}/stock-movements',
      'GET /v1/users/{id}',
      'GET /v1/users/{id}/orders',
      'GET /v1/users/{id}/sessions',
      'PATCH /v1/me',
      'PATCH /v1/products/{id}',
      'POST /v1/auth/login',
      'POST /v1/auth/logout',
      'POST /v1/auth/logout-all',
      'POST /v1/auth/password',
      'POST /v1/auth/refresh',
      'POST /v1/auth/register',
      'POST /v1/orders',
      'POST /v1/orders/preview',
      'POST /v1/orders/{id}/cancel',
      'POST /v1/orders/{id}/pay',
      'POST /v1/orders/{id}/status',
      'POST /v1/payments/{id}/refunds',
      'POST /v1/products',
      'POST /v1/products/{id}/archive',
      'POST /v1/products/{id}/restore',
      'POST /v1/products/{id}/stock',
      'POST /v1/webhooks/payments/{provider}',
    ]);
    const names = Object.keys(document.components.schemas).sort();
    expect(names.filter((name) => !/.Problem$/.test(name))).toEqual([
      'ActiveSession',
      'Category',
      'Order',
      'OrderEvent',
      'OrderPreview',
      'OrderStatusChange',
      'PaidOrder',
      'Payment',
      'PaymentMethod',
      'Problem',
      'Product',
      'Refund',
      'Session',
      'StockMovement',
      'User',
    ]);
    const { responses } = document.paths['/v1/orders/{id}/pay']?.['post'] ?? { responses: {} };
    expect(responses['402']).toEqual({ $ref: '#/components/responses/PaymentDeclinedProblem' });
    const text = response.body;
    for (const [, kind = '', name = ''] of text.matchAll(/#\/components\/(\w+)\/([^"]+)/g)) {
      expect(document.components).toHaveProperty([kind, name]);
    }
  });

  it('shows the documentation without anything from elsewhere', async () => {
    const page = await rest.app.inject('/docs');
    expect(page.statusCode).toBe(200);
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    expect(addresses.length).toBeGreaterThan(3);
    for (const url of addresses) {
      expect(url).toMatch(/^\/docs\//);
      expect((await rest.app.inject(url ?? '')).statusCode).toBe(200);
    }
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });

  it.each([
    ['development', true],
    ['production', false],
  ])('the documentation in %s has a button that signs in: %s', async (NODE_ENV, hasButton) => {
    const one = await startRest({ NODE_ENV });
    const { body } = await one.app.inject('/docs/static/theme/theme.js');
    expect(body.includes('cartograph-shopper')).toBe(hasButton);
    await one.close();
  });
});

describe('pages of other origins', () => {
  const preflight = async (env: Record<string, string>, origin: string) => {
    const rest = await startRest(env);
    const reply = await rest.send('OPTIONS', '/v1/orders', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    await rest.close();
    return reply;
  };

  it('may call in development', async () => {
    const { status, headers } = await preflight({}, 'https://any.example');
    expect([status, headers['access-control-allow-origin']]).toEqual([204, '*']);
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, POST, PATCH, DELETE');
    expect(headers['access-control-allow-headers']).toBe('authorization');
    expect(headers['access-control-max-age']).toBe('600');
    expect(headers['allow']).toBe('GET, HEAD, OPTIONS, POST');
  });

  it('may call when they are named', async () => {
    const env = { NODE_ENV: 'production', CORS_ORIGINS: 'https://a.example, https://b.example' };
    const named = await preflight(env, 'https://b.example');
    expect(named.headers['access-control-allow-origin']).toBe('https://b.example');
    const other = await preflight(env, 'https://c.example');
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may not call in production by default', async () => {
    const { status, headers } = await preflight({ NODE_ENV: 'production' }, 'https://a.example');
    expect([status, headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
