import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, product } from './kit/shop.ts';
import { makeProductEtag } from '../src/views/product-etag.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const newProduct = { sku: 'MUG-1', name: 'Mug', price_cents: 1299, currency: 'EUR' };

const notFound = {
  __typename: 'ProductNotFoundProblem',
  code: 'PRODUCT_NOT_FOUND',
  message: 'There is no such product.',
  productId: ID,
};

describe('changes to the catalogue', () => {
  const ETAG = makeProductEtag(product);

  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('adds a product, and leaves to the graph what the body leaves out', async () => {
    rest.router.respond({
      createProduct: ({ input }: { input: object }) => ({ ...product, ...input }),
    });
    const reply = await rest.send('POST', '/v1/products', { body: newProduct });
    expect(reply).toMatchObject({
      status: 201,
      headers: { location: `/v1/products/${ID}` },
      body: { sku: 'MUG-1', description: '', stock: 0, category: 'general' },
    });
  });

  it('adds a product with all it can have', async () => {
    rest.router.respond({ createProduct: product });
    const extra = { description: 'd', stock: 7, category: 'c', image_url: 'https://e.example/i' };
    const reply = await rest.send('POST', '/v1/products', { body: { ...newProduct, ...extra } });
    expect(reply.status).toBe(201);
    expect(lastVariables()).toEqual({
      sku: 'MUG-1',
      name: 'Mug',
      description: 'd',
      price: { amount: 1299, currency: 'EUR' },
      stock: 7,
      category: 'c',
      imageUrl: 'https://e.example/i',
    });
  });

  it('takes and shows further images', async () => {
    const images = [{ url: 'https://e.example/1' }, { url: 'https://e.example/2' }];
    rest.router.respond({
      product,
      createProduct: { ...product, images },
      updateProduct: { ...product, images },
    });
    const added = await rest.send('POST', '/v1/products', { body: { ...newProduct, images } });
    expect(added).toMatchObject({ status: 201, body: { images } });
    expect(lastVariables()).toMatchObject({ images });
    const headers = { 'if-match': '3' };
    const changed = await rest.send('PATCH', `/v1/products/${ID}`, { body: { images }, headers });
    expect(changed).toMatchObject({ status: 200, body: { images } });
    expect(lastVariables()).toEqual({ input: { id: ID, version: 3, images } });
  });

  it.each([
    [Array(11).fill({ url: 'https://e.example' }), 'images', 'must have 10 items or fewer'],
    [null, 'images', 'must be an array'],
    [[{ url: 1 }], 'images.0.url', 'must be a string'],
    [[{ address: 'x', url: 'https://e.example' }], 'images.0.address', 'is not known here'],
  ])('takes no such images: %j', async (images, field, message) => {
    const reply = await rest.send('POST', '/v1/products', { body: { ...newProduct, images } });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field, message }] } });
  });

  it.each(['EUX', 'XQZ', ''])('takes no price in %j', async (currency) => {
    const reply = await rest.send('POST', '/v1/products', { body: { ...newProduct, currency } });
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'currency', message: 'is not a currency' }] },
    });
  });

  it('refuses a SKU that is taken, and an account that may not', async () => {
    rest.router.respond({
      createProduct: {
        __typename: 'SkuTakenProblem',
        code: 'SKU_TAKEN',
        message: 'Taken.',
        sku: 'MUG-1',
      },
    });
    const taken = await rest.send('POST', '/v1/products', { body: newProduct });
    expect(taken).toMatchObject({ status: 409, body: { code: 'SKU_TAKEN', sku: 'MUG-1' } });
    rest.router.respond({ createProduct: failWith('FORBIDDEN') });
    const forbidden = await rest.send('POST', '/v1/products', { body: newProduct });
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it.each(['3', '"3"', ETAG, '*', `"other", ${ETAG}`])('changes version %s', async (ifMatch) => {
    rest.router.respond({ product, updateProduct: { ...product, version: 4 } });
    const reply = await rest.send('PATCH', `/v1/products/${ID}`, {
      body: { name: 'Cup', image_url: null },
      headers: { 'if-match': ifMatch },
    });
    expect(reply).toMatchObject({ status: 200, body: { version: 4 } });
    expect(lastVariables()).toEqual({
      input: { id: ID, version: 3, name: 'Cup', imageUrl: null },
    });
  });

  it.each([
    [{ price_cents: 999 }, { amount: 999, currency: 'EUR' }],
    [{ currency: 'USD' }, { amount: 1299, currency: 'USD' }],
    [
      { price_cents: 1, currency: 'USD' },
      { amount: 1, currency: 'USD' },
    ],
  ])('changes the half of a price that is sent: %j', async (body, price) => {
    rest.router.respond({ product, updateProduct: product });
    const headers = { 'if-match': '3' };
    const reply = await rest.send('PATCH', `/v1/products/${ID}`, { body, headers });
    expect(reply.status).toBe(200);
    expect(lastVariables()).toEqual({ input: { id: ID, version: 3, price } });
  });

  it('asks for the version that a change is made to', async () => {
    const body = { name: 'Cup' };
    const missing = await rest.send('PATCH', `/v1/products/${ID}`, { body });
    expect(missing).toMatchObject({ status: 428, body: { code: 'PRECONDITION_REQUIRED' } });
    for (const ifMatch of ['x', '"3', '3, 4']) {
      const headers = { 'if-match': ifMatch };
      const reply = await rest.send('PATCH', `/v1/products/${ID}`, { body, headers });
      expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'If-Match' }] } });
    }
  });

  it.each(['"3-8-mkx2"', '"other"', `W/${ETAG}`, 'W/"3"', '"1", "2"'])(
    'changes nothing for %s, which is not its tag',
    async (ifMatch) => {
      rest.router.respond({
        product,
        updateProduct: {
          __typename: 'VersionConflictProblem',
          code: 'VERSION_CONFLICT',
          message: 'Changed.',
          currentVersion: 3,
        },
      });
      const headers = { 'if-match': ifMatch };
      const reply = await rest.send('PATCH', `/v1/products/${ID}`, {
        body: { name: 'x' },
        headers,
      });
      expect(reply).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT' } });
      expect(lastVariables()).toMatchObject({ input: { version: 2_147_483_647 } });
    },
  );

  it('refuses a change to an old version with the current one', async () => {
    rest.router.respond({
      updateProduct: {
        __typename: 'VersionConflictProblem',
        code: 'VERSION_CONFLICT',
        message: 'Changed.',
        currentVersion: 9,
      },
    });
    const headers = { 'if-match': '"3"' };
    const reply = await rest.send('PATCH', `/v1/products/${ID}`, { body: { name: 'x' }, headers });
    expect(reply).toMatchObject({
      status: 412,
      body: { code: 'VERSION_CONFLICT', current_version: 9 },
    });
  });

  it('counts units in, and refuses to count out more than there are', async () => {
    const body = { delta: 5, reason: 'delivery' };
    rest.router.respond({ adjustStock: { ...product, stock: 12 } });
    const counted = await rest.send('POST', `/v1/products/${ID}/stock`, { body });
    expect(counted).toMatchObject({ status: 200, body: { stock: 12 } });
    expect(lastVariables()).toEqual({ input: { productId: ID, ...body } });

    const shortage = { productId: ID, sku: 'MUG-1', requested: 8, available: 7 };
    rest.router.respond({
      adjustStock: {
        __typename: 'OutOfStockProblem',
        code: 'OUT_OF_STOCK',
        message: 'Short.',
        shortages: [shortage],
      },
    });
    const short = await rest.send('POST', `/v1/products/${ID}/stock`, { body });
    expect(short).toMatchObject({ status: 409, body: { code: 'OUT_OF_STOCK' } });

    rest.router.respond({ adjustStock: { ...notFound, productId: NIL } });
    const missing = await rest.send('POST', '/v1/products/no-uuid/stock', { body });
    expect(missing).toMatchObject({ status: 404, body: { code: 'PRODUCT_NOT_FOUND' } });
    expect(missing.body).not.toHaveProperty('product_id');
  });
});
