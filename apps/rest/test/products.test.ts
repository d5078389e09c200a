import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, product, productBody, refuseArgument, TIME } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

describe('the catalogue', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  const pageInfo = {
    hasNextPage: true,
    hasPreviousPage: true,
    startCursor: 'start',
    endCursor: 'end',
  };
  const totals = { totalCount: 10_000, totalCountExceeded: true };

  const list = (query: string) => {
    rest.router.respond({ products: { nodes: [product], pageInfo, ...totals } });
    return rest.send('GET', `/v1/products${query}`);
  };

  it('lists a page of products by what the query asks for', async () => {
    const reply = await list(
      '?limit=1&cursor=abc&q=tea&category=kitchen&sku=MUG-1,MUG-2&sku=MUG-3&currency=EUR' +
        '&min_price_cents=0&max_price_cents=9007199254740991&in_stock=true&sort=price_asc',
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      data: [productBody],
      page: { next_cursor: 'end', has_more: true, prev_cursor: 'start' },
    });
    expect(lastVariables()).toEqual({
      first: 1,
      after: 'abc',
      filter: {
        text: 'tea',
        category: 'kitchen',
        skus: ['MUG-1', 'MUG-2', 'MUG-3'],
        minPrice: 0,
        maxPrice: Number.MAX_SAFE_INTEGER,
        currency: 'EUR',
        inStock: true,
      },
      sort: 'PRICE_ASC',
      withTotal: false,
    });
  });

  it.each([
    ['category=kitchen', { category: 'kitchen' }],
    ['category=kitchen&category=kitchen', { category: 'kitchen' }],
    ['category=', { category: '' }],
    ['category=kitchen,coffee', { categories: ['kitchen', 'coffee'] }],
    ['category=kitchen&category=coffee,kitchen', { categories: ['kitchen', 'coffee'] }],
    ['sku=A&sku=A', { skus: ['A'] }],
  ])('reads ?%s as a list without doubles', async (query, filter) => {
    expect((await list(`?${query}`)).status).toBe(200);
    expect(lastVariables()).toMatchObject({ filter });
  });

  it.each([
    ['newest', 'NEWEST'],
    ['price_asc', 'PRICE_ASC'],
    ['price_desc', 'PRICE_DESC'],
    ['name_asc', 'NAME_ASC'],
    ['relevance', 'RELEVANCE'],
  ])('sorts by %s', async (sort, requested) => {
    expect((await list(`?sort=${sort}`)).status).toBe(200);
    expect(lastVariables()).toMatchObject({ sort: requested });
  });

  it('lists what was updated since a time', async () => {
    const time = '2026-01-31T12:00:00.000Z';
    expect((await list(`?updated_since=${time}`)).status).toBe(200);
    expect(lastVariables()).toMatchObject({ filter: { updatedSince: time } });
  });

  it.each(['yesterday', '2026-01-31', '', 'infinity', `2026-01-31T12:00:00.${'0'.repeat(100)}Z`])(
    'refuses ?updated_since=%s, which is no date and time',
    async (text) => {
      const received = rest.router.received.length;
      expect(await list(`?updated_since=${text}`)).toMatchObject({
        status: 422,
        body: { code: 'VALIDATION_FAILED', errors: [{ field: 'updated_since' }] },
      });
      expect(rest.router.received).toHaveLength(received);
    },
  );

  it('lists archived products for administrators, as nothing that a cache may store', async () => {
    const caching = { 'cache-control': 'max-age=5, public' };
    rest.router.respond({ products: { nodes: [product], pageInfo, ...totals } }, caching);
    const { status, headers } = await rest.send('GET', '/v1/products?archived=true');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(lastVariables()).toMatchObject({ filter: { archived: true } });
    const refused = [
      ['FORBIDDEN', 403, {}],
      ['UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer' }],
    ] as const;
    for (const [code, status, headers] of refused) {
      rest.router.respond({ products: failWith(code) });
      const reply = await rest.send('GET', '/v1/products?archived=true');
      expect(reply).toMatchObject({ status, headers, body: { code } });
    }
  });

  it('goes back to the page before', async () => {
    expect((await list('?limit=5&before=start')).status).toBe(200);
    expect(lastVariables()).toEqual({ last: 5, before: 'start', filter: {}, withTotal: false });
  });

  it('goes one way at a time', async () => {
    const before = rest.router.received.length;
    expect(await list('?cursor=a&before=b')).toMatchObject({
      status: 422,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ field: 'before', message: 'must not be given together with cursor' }],
      },
    });
    expect(rest.router.received).toHaveLength(before);
  });

  it('counts all pages for who asks', async () => {
    expect((await list('?include_total=true')).body['page']).toMatchObject({
      total_count: 10_000,
      total_exceeded: true,
    });
    for (const query of ['', '?include_total=false']) {
      expect((await list(query)).body['page']).not.toHaveProperty('total_count');
      expect(rest.router.received.at(-1)?.variables).toMatchObject({ withTotal: false });
    }
  });

  it('has no cursor to a page that is not there', async () => {
    const lost = { hasNextPage: true, hasPreviousPage: true, startCursor: null, endCursor: null };
    rest.router.respond({ products: { nodes: [], pageInfo: lost } });
    const { body } = await rest.send('GET', '/v1/products?before=start');
    expect(body['page']).toEqual({ next_cursor: null, has_more: false, prev_cursor: null });
  });

  it('says that the last page is the last', async () => {
    const only = { hasNextPage: false, hasPreviousPage: false, startCursor: 'a', endCursor: 'b' };
    rest.router.respond({ products: { nodes: [], pageInfo: only } });
    const { body } = await rest.send('GET', '/v1/products');
    expect(body).toEqual({
      data: [],
      page: { next_cursor: null, has_more: false, prev_cursor: null },
    });
    expect(lastVariables()).toEqual({ first: 20, filter: {}, withTotal: false });
  });

  it.each([
    ['after', 'cursor', 'is not a cursor of this list'],
    ['before', 'before', 'is not a cursor of this list'],
    ['last', 'limit', 'must be from 1 to 100'],
    ['filter.categories', 'category', 'must have 100 items or fewer'],
    ['filter.categories.7', 'category', 'must have 60 characters'],
    ['filter.skus.0', 'sku', 'must not contain the NUL'],
    ['filter.currency', 'currency', 'is not a currency'],
    ['filter.text', 'q', 'must have 200 characters'],
    ['filter.minPrice', 'min_price_cents', 'must be 0 or more'],
    ['filter.updatedSince', 'updated_since', 'must be in the years 1 to 9999'],
  ])('names the parameter when the graph refuses %s', async (argument, field, message) => {
    rest.router.respond({ products: refuseArgument(argument, message) });
    const reply = await rest.send('GET', '/v1/products?cursor=abc');
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'BAD_USER_INPUT', errors: [{ field, message }] },
    });
  });

  it('answers one product with an entity tag, and 304 to who has it', async () => {
    rest.router.respond({ product });
    const reply = await rest.send('GET', `/v1/products/${ID}`);
    expect(reply).toMatchObject({ status: 200, body: productBody });
    const etag = String(reply.headers['etag']);
    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const headers = { 'if-none-match': known };
      const response = await rest.app.inject({ url: `/v1/products/${ID}`, headers });
      expect([response.statusCode, response.body, response.headers.etag]).toEqual([304, '', etag]);
    }
    // A later release of the shop may show more of the same version.
    for (const change of [{ stock: 6 }, { images: [{ url: 'https://e.example/1' }] }]) {
      rest.router.respond({ product: { ...product, ...change } });
      const headers = { 'if-none-match': etag };
      expect((await rest.send('GET', `/v1/products/${ID}`, { headers })).status).toBe(200);
    }
  });

  it.each([[ID], ['no-uuid'], ['%00']])('does not find the product %s', async (id) => {
    rest.router.respond({ product: null });
    const reply = await rest.send('GET', `/v1/products/${id}`);
    expect(reply).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } });
    expect(lastVariables()).toEqual({ id: id === ID ? ID : NIL });
  });

  it('finds one product by its SKU', async () => {
    rest.router.respond({ product });
    const reply = await rest.send('GET', '/v1/products/by-sku/MUG-1');
    expect(reply).toMatchObject({ status: 200, body: productBody });
    expect(lastVariables()).toEqual({ sku: 'MUG-1' });
    const byId = await rest.send('GET', `/v1/products/${ID}`);
    expect(reply.headers['etag']).toBe(byId.headers['etag']);
    const headers = { 'if-none-match': String(byId.headers['etag']) };
    expect((await rest.send('GET', '/v1/products/by-sku/MUG-1', { headers })).status).toBe(304);
  });

  it.each([
    ['NOTHING', 'NOTHING'],
    ['%00', ''],
    ['A%00B', ''],
    ['A'.repeat(64), 'A'.repeat(64)],
    ['A'.repeat(65), ''],
    ['%E2%80%AEegg', '\u202eegg'],
    ["';DROP TABLE product;--", "';DROP TABLE product;--"],
  ])('does not find the SKU %s', async (sku, requested) => {
    rest.router.respond({ product: null });
    const reply = await rest.send('GET', `/v1/products/by-sku/${sku}`);
    expect(reply).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } });
    expect(lastVariables()).toEqual({ sku: requested });
  });

  it('says when a product was archived', async () => {
    rest.router.respond({ product: { ...product, archivedAt: TIME } });
    const { body } = await rest.send('GET', `/v1/products/${ID}`);
    expect(body).toEqual({ ...productBody, archived_at: TIME });
  });

  it('lists the categories with how much is in them', async () => {
    rest.router.respond({ categories: [{ name: 'kitchen', productCount: 3 }] });
    const reply = await rest.send('GET', '/v1/categories');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ data: [{ name: 'kitchen', product_count: 3 }] });
  });
});
