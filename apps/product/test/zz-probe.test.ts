import { afterAll, beforeAll, it } from '@jest/globals';
import { openCatalogue, type Catalogue } from './open-catalogue.ts';
import { randomUUID } from 'node:crypto';
let c: Catalogue;
beforeAll(async () => {
  c = await openCatalogue();
});
afterAll(() => c.close());
const CREATE = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename ... on Product { id name imageUrl sku } ... on Problem { code message } } }`;
it('probes', async () => {
  const base = () => ({ sku: randomUUID(), name: 'n', price: { amount: 1, currency: 'EUR' } });
  const out: unknown[] = [];
  for (const f of [
    { imageUrl: 'https://example.com/a\0b' },
    { imageUrl: ' https://example.com/x' },
    { imageUrl: 'https://example.com/a\nb' },
    { imageUrl: 'https://example.com/"><script>' },
    { name: '\ud800' },
    { name: 'a\udc00b' },
    { description: '\ud83d' },
    { price: { amount: 1, currency: 'XXX' } },
    { imageUrl: 'https:example.com' },
    { imageUrl: 'https://u:p@example.com' },
    { imageUrl: 'http://\ud800.com' },
    { name: '   ' },
  ]) {
    const r = await c.asAdmin(CREATE, { input: { ...base(), ...f } });
    out.push([f, r.data, r.errors]);
  }
  for (const filter of [{ text: '\ud800' }, { category: '\ud800' }]) {
    out.push([
      filter,
      await c.asRouter(
        'query ($filter: ProductFilter) { products(filter: $filter) { nodes { id } } }',
        { filter },
      ),
    ]);
  }
  out.push(await c.asRouter('query ($sku: ID) { product(sku: "\\uD800") { id } }', {}));
  out.push(await c.asRouter('query ($s: String) { product(sku: $s) { id } }', { s: '\ud800' }));
  const p = await c.addProduct({ stock: 999_999_999 });
  out.push(
    await c.asAdmin(
      'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename ... on Problem { code message } ... on OutOfStockProblem { shortages { requested available } } } }',
      { input: { productId: p.id, delta: 1000, reason: 'x' } },
    ),
  );
  for (const rep of [
    { __typename: 'Product', id: 'nonsense' },
    { __typename: 'Product', id: 5 },
    { __typename: 'Product', sku: null },
    { __typename: 'Product' },
    { __typename: 'Product', sku: 'a\0' },
  ])
    out.push([
      rep,
      await c.asRouter(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id } } }',
        { r: [rep] },
      ),
    ]);
  const cur = (await c.asRouter('{ products(first: 1) { pageInfo { endCursor } } }')).data.products
    .pageInfo.endCursor;
  for (const after of [
    cur + '=',
    cur + '!!',
    ' ' + cur,
    Buffer.from('v1:' + '00000000-0000-0000-0000-000000000000').toString('base64url'),
    '',
  ])
    out.push([
      after,
      await c.asRouter('query ($a: String) { products(after: $a) { nodes { id } } }', { a: after }),
    ]);
  console.log(out.map((o) => JSON.stringify(o)).join('\n'));
});
it('extends', async () => {
  const p = await c.addProduct({ stock: 5 });
  const R = `mutation ($input: ReserveStockInput!) { reserveStock(input: $input) { __typename ... on Reservation { status } ... on Problem { code } } }`;
  const orderId = randomUUID();
  const inp = (ms: number) => ({
    input: {
      orderId,
      expiresAt: new Date(Date.now() + ms).toISOString(),
      lines: [{ productId: p.id, quantity: 2 }],
    },
  });
  await c.asOrderService(R, inp(1000));
  await c.asOrderService(R, inp(600_000));
  console.log(await c.database.query('select expires_at, now() from reservations'));
});
