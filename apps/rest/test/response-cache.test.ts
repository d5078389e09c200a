import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ID, product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({ RESPONSE_CACHE_MAX_AGE_MS: '5000' });
});

afterAll(() => rest.close());

const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
const results = {
  product,
  products: { nodes: [product], pageInfo, totalCount: 1, totalCountExceeded: false },
  categories: [{ name: 'kitchen', productCount: 3 }],
};

const respond = (cacheControl: string, age?: string) =>
  rest.router.respond(results, { 'cache-control': cacheControl, ...(age && { age }) });

/** How many of these requests reach the router. */
const countForwarded = async (work: () => Promise<unknown>): Promise<number> => {
  const before = rest.router.received.length;
  await work();
  return rest.router.received.length - before;
};

let unique = 0;
/** A URL that no other test uses. */
const newUrl = (): string => `/v1/products?limit=${(unique += 1)}`;

describe('a page that is the same for everyone', () => {
  it.each(['/v1/products', '/v1/categories', `/v1/products/${ID}`, '/v1/products/by-sku/MUG-1'])(
    'is read once, and sent with its age: %s',
    async (url) => {
      respond('max-age=60, public', '2');
      const first = await rest.app.inject(url);
      expect(first.headers['age']).toBe('2');
      const forwarded = await countForwarded(async () => {
        const second = await rest.app.inject(url);
        expect(second.body).toBe(first.body);
        expect(second.headers['age']).toMatch(/^[3-7]$/);
        const { etag, 'content-type': type } = first.headers;
        expect(second.headers).toMatchObject({ etag, 'content-type': type });
        expect(second.headers['cache-control']).toBe('max-age=60, public');
        const known = await rest.app.inject({ url, headers: { 'if-none-match': String(etag) } });
        expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag]);
        const head = await rest.app.inject({ method: 'HEAD', url });
        expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', etag]);
      });
      expect(forwarded).toBe(0);
    },
  );

  it.each(['authorization', 'cache-control', 'pragma'])(
    'is read for each client that sends %s, and not stored',
    async (name) => {
      respond('max-age=60, public');
      const url = newUrl();
      const send = () => rest.app.inject({ url, headers: { [name]: 'no-cache' } });
      expect(await countForwarded(async () => (await send(), await send()))).toBe(2);
      expect(await countForwarded(() => rest.app.inject(url).then())).toBe(1);
      expect(await countForwarded(send)).toBe(1);
    },
  );

  it.each([
    ['private', 'max-age=60, private', undefined],
    ['no-store', 'no-store', undefined],
    ['as old as it may be', 'max-age=5, public', '5'],
  ])('is not stored when it is %s', async (_what, cacheControl, age) => {
    respond(cacheControl, age);
    const url = newUrl();
    const twice = async () => (await rest.app.inject(url), await rest.app.inject(url));
    expect(await countForwarded(twice)).toBe(2);
  });

  it('is not stored when it is not there, or not valid', async () => {
    rest.router.respond({ product: null }, { 'cache-control': 'max-age=60, public' });
    const url = '/v1/products/by-sku/NOTHING';
    const twice = async () => (await rest.app.inject(url), await rest.app.inject(url));
    expect(await countForwarded(twice)).toBe(2);
    for (let round = 0; round < 2; round += 1) {
      expect((await rest.app.inject('/v1/products?limit=0')).statusCode).toBe(422);
    }
  });
});
