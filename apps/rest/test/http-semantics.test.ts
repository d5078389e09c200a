import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, order, product, user } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({ CORS_ORIGINS: 'https://shop.example' });
});

afterAll(() => rest.close());

const me = '/v1/me';

describe('OPTIONS', () => {
  it.each([
    ['/v1/me', 'GET, HEAD, OPTIONS, PATCH'],
    [`/v1/products/${ID}`, 'GET, HEAD, OPTIONS, PATCH'],
    ['/v1/orders/x/pay', 'OPTIONS, POST'],
    ['/healthz?verbose', 'GET, HEAD, OPTIONS'],
  ])('%s says what it answers', async (url, allow) => {
    expect(await rest.send('OPTIONS', url)).toMatchObject({ status: 204, headers: { allow } });
  });

  it.each(['/v1/nothing', '/v1/products/x/nothing', '/nothing'])('%s is not there', async (url) => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
    expect(await rest.send('OPTIONS', url, { headers })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });
});

describe('a path with a slash at its end', () => {
  it.each(['/v1/products/', '/v1/products/?limit=2', '/v1/orders/', '/v1/'])(
    '%s is not there, and is not a resource without an id',
    async (url) => {
      const sent = rest.router.received.length;
      const reply = await rest.app.inject(url);
      expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([404, 'NOT_FOUND']);
      expect(rest.router.received).toHaveLength(sent);
    },
  );
});

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
  });

  it('of PATCH that is neither gets the media types', async () => {
    expect(await patch({ 'content-type': 'text/plain' }, 'x')).toMatchObject({
      status: 415,
      headers: { 'accept-patch': 'application/json, application/merge-patch+json' },
    });
  });

  it.each(['gzip', 'br', 'GZIP, identity'])('is not read when it is %s', async (coding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    expect(await patch(headers, gzipSync('{"name":"Ann"}'))).toMatchObject({
      status: 415,
      headers: { 'accept-encoding': 'identity' },
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });

  it('may say that it is not compressed', async () => {
    rest.router.respond({ updateProfile: { ...user, __typename: 'User', name: 'Ann' } });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' };
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
    expect((await rest.send('GET', me)).headers['www-authenticate']).toBe('Bearer');
  });

  it('of too many attempts says that nothing is left', async () => {
    rest.router.respond({
      login: {
        __typename: 'TooManyAttemptsProblem',
        code: 'TOO_MANY_ATTEMPTS',
        message: 'Wait.',
        retryAfterSeconds: 30,
      },
    });
    const body = { email: 'ann@example.com', password: 'x' };
    expect(await rest.send('POST', '/v1/auth/login', { body })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '30', ratelimit: '"attempts";r=0;t=30' },
    });
  });
});

describe('a large response', () => {
  const large = { ...product, description: 'Holds tea. '.repeat(200) };
  const url = `/v1/products/${ID}`;
  const get = (headers: Record<string, string>) => rest.app.inject({ url, headers });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is sent in %s to a client that asks for it', async (coding, decompress) => {
    rest.router.respond({ product: large });
    const plain = await get({});
    const packed = await get({ 'accept-encoding': coding });
    expect(packed.headers['content-encoding']).toBe(coding);
    expect(decompress(packed.rawPayload).toString()).toBe(plain.body);
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect(packed.headers['content-length']).toBe(String(packed.rawPayload.length));
    for (const { headers } of [plain, packed]) expect(headers.vary).toContain('Accept-Encoding');
    const etag = String(packed.headers.etag);
    expect(etag).toBe(String(plain.headers.etag).replace(/"$/, `-${coding}"`));
    const known = await get({ 'accept-encoding': coding, 'if-none-match': etag });
    expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag]);
    expect(known.headers.vary).toContain('Accept-Encoding');
  });

  it('has an ETag with which the product can be changed', async () => {
    rest.router.respond({ product: large, updateProduct: large });
    const { headers } = await get({ 'accept-encoding': 'gzip' });
    const options = { body: { name: 'x' }, headers: { 'if-match': String(headers.etag) } };
    expect((await rest.send('PATCH', url, options)).status).toBe(200);
    expect(rest.router.received.at(-1)?.variables).toMatchObject({ input: { version: 3 } });
  });

  it.each([undefined, 'identity', 'gzip;q=0, br;q=0', 'deflate'])(
    'is sent as it is to a client that asks for %s',
    async (accepted) => {
      rest.router.respond({ product: large });
      const reply = await get(accepted === undefined ? {} : { 'accept-encoding': accepted });
      expect(reply.headers).not.toHaveProperty('content-encoding');
      expect(reply.json<{ id: string }>().id).toBe(ID);
    },
  );

  it('is the only one that is compressed', async () => {
    rest.router.respond({ product });
    const reply = await get({ 'accept-encoding': 'gzip' });
    expect(reply.headers).not.toHaveProperty('content-encoding');
  });

  it('is described, and HEAD has the same headers', async () => {
    const headers = { 'accept-encoding': 'br' };
    const document = await rest.app.inject({ url: '/openapi.json', headers });
    expect(document.headers['content-encoding']).toBe('br');
    rest.router.respond({ product: large });
    const head = await rest.app.inject({ method: 'HEAD', url, headers });
    const whole = await get(headers);
    for (const name of ['content-encoding', 'content-length', 'etag', 'vary']) {
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    }
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
    expect(orders.headers['link']).toBe('</v1/orders?limit=1&cursor=e>; rel="next"');
  });

  it('of a payment that is not settled says where to look, and when', async () => {
    rest.router.respond({
      payOrder: { ...order, paymentStatus: null, payments: [{ id: ID, status: 'PROCESSING' }] },
    });
    expect(await rest.send('POST', `/v1/orders/${ID}/pay`)).toMatchObject({
      status: 202,
      headers: { location: `/v1/orders/${ID}`, 'retry-after': '2' },
    });
  });
});
