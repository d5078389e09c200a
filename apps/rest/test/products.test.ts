import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failWith, ID, product, productBody } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

describe('the catalogue', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('lists a page of products by what the query asks for', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'next' };
    rest.router.answer({ products: { nodes: [product], pageInfo } });
    const reply = await rest.send(
      'GET',
      '/v1/products?limit=1&cursor=abc&q=tea&category=kitchen' +
        '&min_price_cents=0&max_price_cents=9007199254740991&in_stock=true',
    );
    expect(reply).toMatchObject({
      status: 200,
      body: { data: [productBody], page: { next_cursor: 'next', has_more: true } },
    });
    expect(lastVariables()).toEqual({
      first: 1,
      after: 'abc',
      filter: {
        text: 'tea',
        category: 'kitchen',
        minPrice: 0,
        maxPrice: Number.MAX_SAFE_INTEGER,
        inStock: true,
      },
    });
  });

  it('says that the last page is the last', async () => {
    const pageInfo = { hasNextPage: false, endCursor: 'last' };
    rest.router.answer({ products: { nodes: [], pageInfo } });
    const { body } = await rest.send('GET', '/v1/products');
    expect(body).toEqual({ data: [], page: { next_cursor: null, has_more: false } });
    expect(lastVariables()).toEqual({ first: 20, filter: {} });
  });

  it.each([
    ['after is not a cursor of this list', 'cursor', 'is not a cursor of this list'],
    ['filter.minPrice: must be 0 or more', 'min_price_cents', 'must be 0 or more'],
  ])('tells what the graph refuses (%s) in its own words', async (said, field, message) => {
    rest.router.answer({ products: failWith('BAD_USER_INPUT', said) });
    const reply = await rest.send('GET', '/v1/products?cursor=abc');
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'BAD_USER_INPUT', errors: [{ field, message }] },
    });
  });

  it('answers one product with an entity tag, and 304 to who has it', async () => {
    rest.router.answer({ product });
    const reply = await rest.send('GET', `/v1/products/${ID}`);
    expect(reply).toMatchObject({ status: 200, body: productBody });
    const etag = String(reply.headers['etag']);
    expect(etag).toMatch(/^"3-7-\w+"$/);
    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const headers = { 'if-none-match': known };
      const response = await rest.app.inject({ url: `/v1/products/${ID}`, headers });
      expect([response.statusCode, response.body, response.headers.etag]).toEqual([304, '', etag]);
    }
    rest.router.answer({ product: { ...product, stock: 6 } });
    const headers = { 'if-none-match': etag };
    expect((await rest.send('GET', `/v1/products/${ID}`, { headers })).status).toBe(200);
  });

  it.each([[ID], ['no-uuid'], ['%00']])('does not find the product %s', async (id) => {
    rest.router.answer({ product: null });
    const reply = await rest.send('GET', `/v1/products/${id}`);
    expect(reply).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } });
    expect(lastVariables()).toEqual({ id: id === ID ? ID : NIL });
  });
});
