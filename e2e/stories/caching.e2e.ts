import { eventuallyInShop as eventually } from '@cartograph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { graph } from '../testkit/graph.ts';
import { admin, newShopper, type Account } from '../testkit/accounts.ts';
import { newProduct, UNCACHED, type Product } from '../testkit/products.ts';
import { rest, type RestResponse } from '../testkit/rest.ts';

/** How long a shared cache may store a price or a stock, as docs and schema state. */
const BOUND_SECONDS = 5;

/** For how many seconds a shared cache may store a response; null when it may not. */
const maxAgeOf = (headers: Headers): number | null => {
  const policy = headers.get('cache-control') ?? '';
  const age = /(?:^|, ?)max-age=(\d+)/.exec(policy)?.[1];
  return policy.includes('public') && age !== undefined ? Number(age) : null;
};

const expectCacheable = (response: RestResponse, seconds: number): void => {
  expect(response.status).toBe(200);
  expect(maxAgeOf(response.headers)).toBe(seconds);
  expect(response.headers.get('etag')).toMatch(/^"[\w-]+"$/);
};

const revalidate = (path: string, response: RestResponse, headers: Record<string, string> = {}) =>
  rest('GET', path, {
    headers: { 'if-none-match': response.headers.get('etag') ?? '', ...headers },
  });

let administrator: Account;
let shopper: Account;

beforeAll(async () => {
  [administrator, shopper] = await Promise.all([admin(), newShopper()]);
});

/** The three addresses that show one product. */
const addressesOf = ({ id, sku }: Product): string[] => [
  `/v1/products/${id}`,
  `/v1/products/by-sku/${sku}`,
  `/v1/products?sku=${sku}&include_total=true`,
];

const change = (product: Product, body: object) =>
  rest('PATCH', `/v1/products/${product.id}`, {
    token: administrator.token,
    headers: { 'if-match': `"${product.version}"` },
    body,
  });

describe('a price and a stock', () => {
  it('are current after five seconds, and at once for a client that asks for it', async () => {
    const product = await newProduct({ stock: 7, price_cents: 1999 });
    const addresses = addressesOf(product);
    const before = await Promise.all(addresses.map((path) => rest('GET', path)));
    for (const response of before) expectCacheable(response, BOUND_SECONDS);
    for (const [index, path] of addresses.entries()) {
      expect((await revalidate(path, before[index] as RestResponse)).status).toBe(304);
    }

    expect((await change(product, { price_cents: 2499 })).status).toBe(200);
    const changed = performance.now();
    for (const [index, path] of addresses.entries()) {
      const after = await revalidate(path, before[index] as RestResponse, UNCACHED);
      expectCacheable(after, BOUND_SECONDS);
      expect(after.text).toContain('"price_cents":2499');
    }

    const counted = await rest('POST', `/v1/products/${product.id}/stock`, {
      token: administrator.token,
      body: { delta: -3, reason: 'broken' },
    });
    expect(counted.status).toBe(200);
    for (const path of addresses) {
      expect((await rest('GET', path, { headers: UNCACHED })).text).toContain('"stock":4');
    }
    await eventually(async () => {
      for (const path of addresses) expect((await rest('GET', path)).text).toContain('"stock":4');
    });
    // The wait of `eventually`, and a busy machine, beside the bound itself.
    expect(performance.now() - changed).toBeLessThan(BOUND_SECONDS * 1_000 + 5_000);
  });

  it('are sent from the cache with the seconds that they were stored', async () => {
    const [path = ''] = addressesOf(await newProduct({ stock: 7 }));
    const first = await rest('GET', path);
    // Of several replicas, another one may answer before it has the page.
    const second = await eventually(async () => {
      const page = await rest('GET', path);
      expect(Number(page.headers.get('age'))).toBeGreaterThan(0);
      return page;
    });
    expect(second.text).toBe(first.text);
    expect(Number(second.headers.get('age'))).toBeLessThanOrEqual(BOUND_SECONDS);
    expect((await rest('GET', path, { headers: UNCACHED })).headers.has('age')).toBe(false);
    const { token } = shopper;
    expect((await rest('GET', path, { token })).headers.has('age')).toBe(false);
  });

  it('are current in an order, also when it was made from an older page', async () => {
    const product = await newProduct({ stock: 2, price_cents: 1000 });
    const page = await rest('GET', `/v1/products/${product.id}`);
    expect(page.body.price_cents).toBe(1000);
    await change(product, { price_cents: 1500 });
    const placed = await rest('POST', '/v1/orders', {
      token: shopper.token,
      body: { items: [{ product_id: page.body.id, qty: 2 }] },
    });
    expect(placed).toMatchObject({
      status: 201,
      body: { total_cents: 3000, items: [{ qty: 2, price_cents: 1500 }] },
    });
    // The page still shows two.
    expect(page.body.stock).toBe(2);
    const more = await rest('POST', '/v1/orders', {
      token: shopper.token,
      body: { items: [{ product_id: page.body.id, qty: 1 }] },
    });
    expect(more).toMatchObject({ status: 409, body: { shortages: [{ available: 0 }] } });
  });
});

describe('a product that is archived', () => {
  it('leaves current lists immediately, and returns when it is restored', async () => {
    const product = await newProduct({ stock: 1 });
    const path = `/v1/products?sku=${product.sku}`;
    const before = await rest('GET', path);
    expect(before.body.data).toHaveLength(1);
    const put = (verb: string, version: number) =>
      rest('POST', `/v1/products/${product.id}/${verb}`, {
        token: administrator.token,
        headers: { 'if-match': `"${version}"` },
      });
    const archived = await put('archive', product.version);
    expect(archived.body.archived_at).toEqual(expect.any(String));
    expect(archived.headers.get('cache-control')).toBe('no-store');
    expect((await revalidate(path, before, UNCACHED)).body.data).toEqual([]);
    expect((await put('restore', product.version)).status).toBe(412);
    const restored = await put('restore', archived.body.version);
    expect(restored.body.archived_at).toBeNull();
    expect((await revalidate(path, before, UNCACHED)).body.data).toHaveLength(1);
  });
});

describe('what a shared cache may store of the graph', () => {
  const policyOf = async (query: string, token?: string, variables: object = {}) => {
    const { headers, errors } = await graph(query, variables, { token });
    return { policy: headers.get('cache-control'), errors };
  };

  it.each([
    ['{ products { nodes { name } } }', BOUND_SECONDS],
    ['{ products { edges { cursor node { price { amount } } } pageInfo { endCursor } } }', 5],
    ['{ products { totalCount totalCountExceeded } }', BOUND_SECONDS],
    ['{ product(sku: "NOTHING") { name } }', 60],
    ['{ product(sku: "NOTHING") { name } products { nodes { stock } } }', BOUND_SECONDS],
    ['{ categories { name productCount } }', 60],
  ])('%s: %i seconds, with and without a token', async (query, seconds) => {
    for (const token of [undefined, shopper.token, 'no-token']) {
      const { policy, errors } = await policyOf(query, token);
      expect(errors).toEqual([]);
      expect(policy).toBe(`max-age=${seconds}, public`);
    }
  });

  it('is nothing personal, alone or beside the catalogue', async () => {
    const product = await newProduct({ stock: 1 });
    const placed = await rest('POST', '/v1/orders', {
      token: shopper.token,
      body: { items: [{ product_id: product.id, qty: 1 }] },
    });
    for (const query of [
      '{ me { email } }',
      '{ me { email } products { nodes { name } } }',
      '{ me { orders { nodes { items { product { name price { amount } } } } } } }',
      `{ order(id: "${placed.body.id}") { items { product { name stock } } } categories { name } }`,
    ]) {
      const { policy, errors } = await policyOf(query, shopper.token);
      expect({ query, policy, errors }).toEqual({ query, policy: 'no-store', errors: [] });
    }
  });

  it('is nothing that only administrators see, and no error', async () => {
    const archived = '{ products(filter: { archived: true }) { nodes { name } } }';
    const ledger = '{ stockMovements { nodes { reason product { name } } } }';
    for (const query of [archived, ledger, '{ products { nodes { name } } }']) {
      expect(await policyOf(query, administrator.token)).toEqual({
        policy: 'no-store',
        errors: [],
      });
    }
    for (const query of [archived, ledger, '{ product(id: "lamp") { name } }']) {
      const { policy, errors } = await policyOf(query, shopper.token);
      expect(policy).toBe('no-store');
      expect(errors).toHaveLength(1);
    }
  });

  it('is no mutation', async () => {
    const query = 'mutation { logout { __typename } }';
    expect((await policyOf(query, (await newShopper()).token)).policy).toBe('no-store');
  });
});

describe('what a shared cache may store of the REST API', () => {
  it('is the categories, for a minute', async () => {
    // Other stories may add a category between the two requests.
    await eventually(async () => {
      const response = await rest('GET', '/v1/categories');
      expectCacheable(response, 60);
      expect(response.body.data).toEqual(expect.any(Array));
      expect((await revalidate('/v1/categories', response)).status).toBe(304);
    });
  });

  it('is nothing personal', async () => {
    const product = await newProduct({ stock: 1 });
    const responses = await Promise.all([
      rest('GET', '/v1/me', { token: shopper.token }),
      rest('GET', '/v1/me/sessions', { token: shopper.token }),
      rest('GET', '/v1/orders', { token: shopper.token }),
      rest('GET', `/v1/products/${product.id}`, { token: administrator.token }),
      rest('GET', `/v1/products/${product.id}/stock-movements`, { token: administrator.token }),
      rest('GET', `/v1/products/${product.id}/stock-movements`),
      rest('GET', '/v1/me'),
      rest('GET', '/v1/products/lamp'),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 401, 401, 404]);
    for (const { headers } of responses) expect(headers.get('cache-control')).toBe('no-store');
  });
});
