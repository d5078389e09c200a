import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { admin, newShopper } from '../testkit/accounts.ts';
import { UNCACHED } from '../testkit/products.ts';
import { problem, rest } from '../testkit/rest.ts';

/** A category that only this test uses, with five products of different prices. */
const category = `browse-${randomUUID()}`;
const PRICES = [500, 300, 400, 100, 200];

let token: string;
let ids: string[];

beforeAll(async () => {
  ({ token } = await admin());
  ids = [];
  for (const [index, price] of PRICES.entries()) {
    const { status, body } = await rest('POST', '/v1/products', {
      token,
      body: {
        sku: `BROWSE-${randomUUID()}`.toUpperCase(),
        name: `Lantern ${index}`,
        price_cents: price,
        currency: index === 0 ? 'USD' : 'EUR',
        stock: index,
        category,
      },
    });
    expect(status).toBe(201);
    ids.push(body.id as string);
  }
});

const browse = (query: Record<string, string | number | boolean> = {}) => {
  const parameters = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return rest(
    'GET',
    `/v1/products?${new URLSearchParams([['category', category], ...parameters])}`,
  );
};

const pricesOf = (response: { body: { data: { price_cents: number }[] } }) =>
  response.body.data.map(({ price_cents }) => price_cents);

describe('browsing', () => {
  it.each([
    ['newest', [200, 100, 400, 300, 500]],
    ['price_asc', [100, 200, 300, 400, 500]],
    ['price_desc', [500, 400, 300, 200, 100]],
    ['name_asc', [500, 300, 400, 100, 200]],
    ['relevance', [200, 100, 400, 300, 500]],
  ])('reads a category by %s, forwards and backwards', async (sort, prices) => {
    const first = await browse({ sort, limit: 2 });
    const second = await browse({ sort, limit: 2, cursor: first.body.page.next_cursor });
    const third = await browse({ sort, limit: 2, cursor: second.body.page.next_cursor });
    expect([first, second, third].flatMap(pricesOf)).toEqual(prices);
    expect(first.body.page.prev_cursor).toBeNull();
    expect(third.body.page).toMatchObject({ next_cursor: null, has_more: false });

    const back = await browse({ sort, limit: 2, before: third.body.page.prev_cursor });
    expect(back.body.data).toEqual(second.body.data);
    const start = await browse({ sort, limit: 2, before: back.body.page.prev_cursor });
    expect(start.body.data).toEqual(first.body.data);
    expect(start.body.page).toMatchObject({ prev_cursor: null, has_more: true });
  });

  it.each([
    [{ currency: 'USD' }, [500]],
    [{ currency: 'USD', in_stock: true }, []],
    [{ in_stock: true, sort: 'price_asc' }, [100, 200, 300, 400]],
    [{ min_price_cents: 200, max_price_cents: 300 }, [200, 300]],
    [{ q: 'lantern 3' }, [100]],
  ])('filters by %j', async (query, prices) => {
    expect(pricesOf(await browse(query))).toEqual(prices);
  });

  it('counts products, and filters by several SKUs and categories', async () => {
    const page = (await browse({ include_total: true, limit: 1 })).body.page;
    expect(page).toMatchObject({ total_count: 5, total_exceeded: false });
    const { body } = await browse({ limit: 2 });
    const [a, b] = body.data as { sku: string }[];
    const found = await rest('GET', `/v1/products?sku=${a?.sku},${b?.sku},NOTHING`);
    expect(found.body.data).toEqual(body.data);
    const several = await rest('GET', `/v1/products?category=${category},no-such-category`);
    expect(several.body.data).toHaveLength(5);
    const { body: categories } = await rest('GET', '/v1/categories', { headers: UNCACHED });
    expect(categories.data).toContainEqual({ name: category, product_count: 5 });
  });

  it('continues only in the order of the first page', async () => {
    const { page } = (await browse({ sort: 'price_asc', limit: 2 })).body;
    const next = page.next_cursor as string;
    for (const sort of ['newest', 'price_desc', 'name_asc']) {
      expect(await browse({ sort, cursor: next })).toMatchObject(
        problem(422, 'BAD_USER_INPUT', { errors: [{ field: 'cursor' }] }),
      );
      expect(await browse({ sort, before: next })).toMatchObject(
        problem(422, 'BAD_USER_INPUT', { errors: [{ field: 'before' }] }),
      );
    }
  });

  it('pages through stock movements, for administrators only', async () => {
    const path = `/v1/products/${ids[4]}/stock-movements`;
    await rest('POST', `/v1/products/${ids[4]}/stock`, {
      token,
      body: { delta: 2, reason: 'found two' },
    });
    const first = await rest('GET', `${path}?limit=1`, { token });
    expect(first.body.data).toMatchObject([
      { kind: 'ADJUSTED', stock_delta: 2, held_delta: 0, reason: 'found two' },
    ]);
    const cursor = first.body.page.next_cursor as string;
    const second = await rest('GET', `${path}?limit=1&cursor=${cursor}`, { token });
    expect(second.body).toMatchObject({ data: [{ stock_delta: 4 }], page: { has_more: false } });
    const shopper = await newShopper();
    expect((await rest('GET', path, { token: shopper.token })).status).toBe(403);
    expect((await rest('GET', '/v1/products/lamp/stock-movements', { token })).status).toBe(404);
  });
});

const HOSTILE = [
  ['SQL', "'; DROP TABLE product; --"],
  ['SQL that is true', "' OR 1=1 /*"],
  ['operators of a search', '!((a & b) | <-> c:* -"'],
  ['wildcards', '%_\\'],
  ['a NUL', 'tea\0pot'],
  ['right to left', '\u202egum\u202c شاي'],
  ['emoji', '\u{1f375}\u{1f469}\u200d\u{1f373}'],
  ['10 kB', 'x'.repeat(10_000)],
  ['JSON', '{"$gt":""}'],
  ['nothing', ''],
] as const;

describe.each(HOSTILE)('a request with %s', (_what, value) => {
  it.each(['q', 'category', 'sku', 'cursor', 'before', 'sort', 'currency', 'min_price_cents'])(
    'as %s gets a page, or a problem that names the field',
    async (name) => {
      const response = await rest(
        'GET',
        `/v1/products?limit=1&${name}=${encodeURIComponent(value)}`,
      );
      if (response.status === 200) {
        const hasAll = name === 'q' && value === '';
        if (name === 'category' || name === 'sku') expect(response.body.data).toEqual([]);
        if (hasAll) expect(response.body.data).toHaveLength(1);
        expect(['q', 'category', 'sku']).toContain(name);
        return;
      }
      expect(response).toMatchObject({ status: 422, body: { errors: [{ field: name }] } });
      expect(response.text).not.toMatch(/prisma|postgres|syntax|\.ts:\d/i);
    },
  );
});
