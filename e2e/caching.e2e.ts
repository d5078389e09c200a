import { beforeAll, describe, expect, it } from '@jest/globals';
import { graph } from './testkit/graph.ts';
import { admin, newShopper, type Person } from './testkit/people.ts';
import { newProduct, type Product } from './testkit/products.ts';
import { rest, type RestAnswer } from './testkit/rest.ts';

/** How old a price or a stock may be that somebody on the way kept: what docs and schema state. */
const BOUND_SECONDS = 5;

/** Seconds that anybody may keep the answer; null when nobody may. */
const maxAgeOf = (headers: Headers): number | null => {
  const policy = headers.get('cache-control') ?? '';
  const age = /(?:^|, ?)max-age=(\d+)/.exec(policy)?.[1];
  return policy.includes('public') && age !== undefined ? Number(age) : null;
};

const isKept = (answer: RestAnswer, forSeconds: number): void => {
  expect(answer.status).toBe(200);
  expect(maxAgeOf(answer.headers)).toBe(forSeconds);
  expect(answer.headers.get('etag')).toMatch(/^"[\w-]+"$/);
};

const again = (path: string, answer: RestAnswer) =>
  rest('GET', path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });

let root: Person;
let shopper: Person;

beforeAll(async () => {
  [root, shopper] = await Promise.all([admin(), newShopper()]);
});

/** The three addresses that show one product. */
const addressesOf = ({ id, sku }: Product): string[] => [
  `/v1/products/${id}`,
  `/v1/products/by-sku/${sku}`,
  `/v1/products?sku=${sku}&include_total=true`,
];

const change = (product: Product, body: object) =>
  rest('PATCH', `/v1/products/${product.id}`, {
    token: root.token,
    headers: { 'if-match': `"${product.version}"` },
    body,
  });

describe('a price and a stock', () => {
  it('are shown as they are by the request right after a change', async () => {
    const product = await newProduct({ stock: 7, price_cents: 1999 });
    const addresses = addressesOf(product);
    const before = await Promise.all(addresses.map((path) => rest('GET', path)));
    for (const answer of before) isKept(answer, BOUND_SECONDS);
    for (const [index, path] of addresses.entries()) {
      expect((await again(path, before[index] as RestAnswer)).status).toBe(304);
    }

    expect((await change(product, { price_cents: 2499 })).status).toBe(200);
    for (const [index, path] of addresses.entries()) {
      const after = await again(path, before[index] as RestAnswer);
      isKept(after, BOUND_SECONDS);
      expect(after.text).toContain('"price_cents":2499');
    }

    const counted = await rest('POST', `/v1/products/${product.id}/stock`, {
      token: root.token,
      body: { delta: -3, reason: 'broken' },
    });
    expect(counted.status).toBe(200);
    for (const path of addresses) {
      expect((await rest('GET', path)).text).toContain('"stock":4');
    }
  });

  it('are those of now in an order, whatever page it was made from', async () => {
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
    // The page still says that there are two.
    expect(page.body.stock).toBe(2);
    const more = await rest('POST', '/v1/orders', {
      token: shopper.token,
      body: { items: [{ product_id: page.body.id, qty: 1 }] },
    });
    expect(more).toMatchObject({ status: 409, body: { shortages: [{ available: 0 }] } });
  });
});

describe('a product that is archived', () => {
  it('leaves the lists at once, and comes back', async () => {
    const product = await newProduct({ stock: 1 });
    const path = `/v1/products?sku=${product.sku}`;
    const before = await rest('GET', path);
    expect(before.body.data).toHaveLength(1);
    const put = (verb: string, version: number) =>
      rest('POST', `/v1/products/${product.id}/${verb}`, {
        token: root.token,
        headers: { 'if-match': `"${version}"` },
      });
    const archived = await put('archive', product.version);
    expect(archived.body.archived_at).toEqual(expect.any(String));
    expect(archived.headers.get('cache-control')).toBe('no-store');
    expect((await again(path, before)).body.data).toEqual([]);
    expect((await put('restore', product.version)).status).toBe(412);
    const restored = await put('restore', archived.body.version);
    expect(restored.body.archived_at).toBeNull();
    expect((await again(path, before)).body.data).toHaveLength(1);
  });
});

describe('what the graph lets anybody keep', () => {
  const policyOf = async (query: string, token?: string, variables: object = {}) => {
    const answer = await graph(query, variables, { token });
    return { policy: answer.headers.get('cache-control'), errors: answer.errors };
  };

  it.each([
    ['{ products { nodes { name } } }', BOUND_SECONDS],
    ['{ products { edges { cursor node { price { amount } } } pageInfo { endCursor } } }', 5],
    ['{ products { totalCount totalCountExceeded } }', BOUND_SECONDS],
    ['{ product(sku: "NOTHING") { name } }', 60],
    ['{ product(sku: "NOTHING") { name } products { nodes { stock } } }', BOUND_SECONDS],
    ['{ categories { name productCount } }', 60],
  ])('%s: %i seconds, whoever asks', async (query, seconds) => {
    for (const token of [undefined, shopper.token, 'no-token']) {
      const { policy, errors } = await policyOf(query, token);
      expect(errors).toEqual([]);
      expect(policy).toBe(`max-age=${seconds}, public`);
    }
  });

  it('is nothing that is somebody’s, alone or beside the catalogue', async () => {
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

  it('is nothing that only an administrator sees, and no error', async () => {
    const archived = '{ products(filter: { archived: true }) { nodes { name } } }';
    const ledger = '{ stockMovements { nodes { reason product { name } } } }';
    for (const query of [archived, ledger, '{ products { nodes { name } } }']) {
      expect(await policyOf(query, root.token)).toEqual({ policy: 'no-store', errors: [] });
    }
    for (const query of [archived, ledger, '{ product(id: "lamp") { name } }']) {
      const { policy, errors } = await policyOf(query, shopper.token);
      expect(policy).toBe('no-store');
      expect(errors).toHaveLength(1);
    }
  });

  it('is no change', async () => {
    const query = 'mutation { logout { __typename } }';
    expect((await policyOf(query, (await newShopper()).token)).policy).toBe('no-store');
  });
});

describe('what REST lets anybody keep', () => {
  it('is the categories, for a minute', async () => {
    const answer = await rest('GET', '/v1/categories');
    isKept(answer, 60);
    expect(answer.body.data.length).toBeGreaterThan(0);
    expect((await again('/v1/categories', answer)).status).toBe(304);
  });

  it('is nothing that is somebody’s', async () => {
    const product = await newProduct({ stock: 1 });
    const answers = await Promise.all([
      rest('GET', '/v1/me', { token: shopper.token }),
      rest('GET', '/v1/me/sessions', { token: shopper.token }),
      rest('GET', '/v1/orders', { token: shopper.token }),
      rest('GET', `/v1/products/${product.id}`, { token: root.token }),
      rest('GET', `/v1/products/${product.id}/stock-movements`, { token: root.token }),
      rest('GET', `/v1/products/${product.id}/stock-movements`),
      rest('GET', '/v1/me'),
      rest('GET', '/v1/products/lamp'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 401, 401, 404]);
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
  });
});
