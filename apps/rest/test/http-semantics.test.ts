import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, historyLines, ID, order, product, user } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({ CORS_ORIGINS: 'https://shop.example' });
});

afterAll(() => rest.close());

const me = '/v1/me';

describe('a body', () => {
  const patch = (headers: Record<string, string>, payload: string | Buffer) =>
    rest.sendRaw({ method: 'PATCH', url: me, headers, payload });

  it('of PATCH may be a merge patch', async () => {
    rest.router.respond({ updateProfile: { ...user, __typename: 'User', name: null } });
    const reply = await patch({ 'content-type': 'application/merge-patch+json' }, '{"name":null}');
    expect(reply.status).toBe(200);
    expect(rest.router.received.at(-1)?.variables).toEqual({ input: { name: null } });
  });

  it('of another method may not, and the response says what it may be', async () => {
    const reply = await rest.sendRaw({
      method: 'POST',
      url: '/v1/auth/login',
      headers: { 'content-type': 'application/merge-patch+json' },
      payload: '{"email":"a","password":"b"}',
    });
    expect(reply).toMatchObject({ status: 415, headers: { accept: 'application/json' } });
    expect(reply.headers).not.toHaveProperty('accept-patch');
    expect(reply.headers).not.toHaveProperty('accept-encoding');
  });

  it('of PATCH that is neither gets the media types', async () => {
    const reply = await patch({ 'content-type': 'text/plain' }, 'x');
    expect(reply).toMatchObject({
      status: 415,
      headers: { 'accept-patch': 'application/json, application/merge-patch+json' },
    });
    expect(reply.headers).not.toHaveProperty('accept-encoding');
  });

  it.each(['gzip', 'br', 'GZIP, identity'])('is not read when it is %s', async (coding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const webhook = {
      method: 'POST',
      url: '/v1/webhooks/payments/simulator',
      headers: { ...headers, 'simulator-signature': 'x' },
      payload: gzipSync('{}'),
    } as const;
    for (const reply of [
      await patch(headers, gzipSync('{"name":"Ann"}')),
      await rest.sendRaw(webhook),
    ]) {
      expect(reply).toMatchObject({
        status: 415,
        headers: { 'accept-encoding': 'identity' },
        body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
      });
      // Its media type was right.
      expect(reply.headers).not.toHaveProperty('accept');
      expect(reply.headers).not.toHaveProperty('accept-patch');
    }
  });

  it.each(['identity', 'Identity', ', identity,'])('may say that it is %s', async (coding) => {
    rest.router.respond({ updateProfile: { ...user, __typename: 'User', name: 'Ann' } });
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    expect((await patch(headers, '{"name":"Ann"}')).status).toBe(200);
  });
});

describe('a problem', () => {
  it('of an address that cannot be decoded can be read by the origins that may', async () => {
    const of = async (origin: string) =>
      (await rest.send('GET', '/%ZZ', { headers: { origin } })).headers;
    const headers = await of('https://shop.example');
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'x-request-id': expect.any(String),
      vary: 'Origin',
    });
    const { headers: usual } = await rest.send('GET', '/v1/nothing', {
      headers: { origin: 'https://shop.example' },
    });
    const exposed = 'access-control-expose-headers';
    expect(headers[exposed]).toBe(usual[exposed]);
    expect(await of('https://other.example')).not.toHaveProperty('access-control-allow-origin');
  });

  it('of an access token says that the token is not valid', async () => {
    rest.router.respond({ me: failWith('UNAUTHENTICATED') });
    const headers = { authorization: 'Bearer a.b.c' };
    const invalid = await rest.send('GET', me, { headers });
    expect(invalid.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    const challengeOf = async (authorization?: string) => {
      const sent = authorization === undefined ? {} : { headers: { authorization } };
      return (await rest.send('GET', me, sent)).headers['www-authenticate'];
    };
    expect(await challengeOf('bEARER a')).toBe('Bearer error="invalid_token"');
    // No token was sent: RFC 6750, section 3.1.
    for (const authorization of [undefined, 'Basic YTpi', 'Bearer', 'Bearers a', 'x Bearer a']) {
      expect([authorization, await challengeOf(authorization)]).toEqual([authorization, 'Bearer']);
    }
  });

  it.each([
    ['login', '/v1/auth/login', { email: 'ann@example.com', password: 'x' }],
    ['register', '/v1/auth/register', { email: 'ann@example.com', password: 'x' }],
    ['refreshSession', '/v1/auth/refresh', { refresh_token: 'x' }],
    ['changePassword', '/v1/auth/password', { current_password: 'x', new_password: 'y' }],
  ])('of too many attempts to %s says which limit it has', async (operation, url, body) => {
    const respond = (quota: object | null) =>
      rest.router.respond({
        [operation]: {
          __typename: 'TooManyAttemptsProblem',
          code: 'TOO_MANY_ATTEMPTS',
          message: 'Wait.',
          retryAfterSeconds: 30,
          quota,
        },
      });
    respond({ limit: 10, windowSeconds: 900 });
    const inTime = await rest.send('POST', url, { body });
    expect([inTime.status, inTime.headers['retry-after']]).toEqual([429, '30']);
    expect(inTime.headers['ratelimit']).toBe(`"${operation}";r=0;t=30`);
    expect(inTime.headers['ratelimit-policy']).toBe(`"${operation}";q=10;w=900`);
    expect(inTime.body).toMatchObject({ quota: { limit: 10, window_seconds: 900 } });

    respond(null);
    const concurrent = await rest.send('POST', url, { body });
    expect(concurrent.headers['ratelimit']).toBe(`"${operation}";r=0;t=30`);
    expect(concurrent.headers).not.toHaveProperty('ratelimit-policy');
    expect(concurrent.body).not.toHaveProperty('quota');
  });
});

describe('a response', () => {
  it('links the next page', async () => {
    const pageInfo = { hasNextPage: true, hasPreviousPage: true, startCursor: 's', endCursor: 'e' };
    rest.router.respond({
      products: { nodes: [product], pageInfo, totalCount: 9, totalCountExceeded: false },
      me: { ...user, orders: { nodes: [order], pageInfo } },
    });
    const products = await rest.send('GET', '/v1/products?limit=1&cursor=c');
    expect(products.headers['link']).toBe(
      '</v1/products?limit=1&cursor=e>; rel="next", </v1/products?limit=1&before=s>; rel="prev"',
    );
    const orders = await rest.send('GET', '/v1/orders?limit=1');
    expect(orders.headers['link']).toBe(
      '</v1/orders?limit=1&cursor=e>; rel="next", </v1/orders?limit=1&before=s>; rel="prev"',
    );
  });

  it('of a payment that is not settled says where to look, and when', async () => {
    rest.router.respond({
      payOrder: { ...order, paymentStatus: 'PROCESSING', paymentId: ID },
    });
    expect(await rest.send('POST', `/v1/orders/${ID}/pay`)).toMatchObject({
      status: 202,
      headers: { location: `/v1/orders/${ID}`, 'retry-after': '2' },
    });
  });
});

describe('a response to HEAD', () => {
  const send = async (method: 'GET' | 'HEAD', url: string, more: Record<string, string> = {}) => {
    const { statusCode, headers } = await rest.app.inject({ method, url, headers: more });
    return [statusCode, headers['content-length'], headers['content-type']];
  };

  // RFC 9110, section 8.6.
  it('has no length of a body that GET does not send', async () => {
    const { created, confirmed } = historyLines;
    const respond = (...history: readonly object[]) =>
      rest.router.respond({ product, me: user, order: { ...order, history } });
    const one = `/v1/products/${ID}`;
    const events = `/v1/orders/${ID}/events`;
    respond(created, historyLines.expired);
    for (const [url, headers] of [
      [one, { 'if-none-match': '*' }],
      ['/problems/out-of-stock', { 'if-none-match': '*' }],
      [events, { 'last-event-id': '9' }],
    ] as const) {
      const head = await send('HEAD', url, headers);
      expect([url, head]).toEqual([url, await send('GET', url, headers)]);
      expect(head.slice(1)).toEqual([undefined, undefined]);
    }
    respond(created, confirmed);
    expect(await send('HEAD', events)).toEqual([200, undefined, 'text/event-stream']);
  });

  it('has the length of the body that GET sends', async () => {
    rest.router.respond({ product });
    const url = `/v1/products/${ID}`;
    const head = await send('HEAD', url);
    expect(head).toEqual(await send('GET', url));
    expect(Number(head[1])).toBeGreaterThan(100);
  });
});
