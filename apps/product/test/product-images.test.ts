import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct();
});

afterAll(() => catalogue.close());

const newProduct = (fields: object = {}) => ({
  input: { sku: randomUUID(), name: 'A mug', price: { amount: 990, currency: 'EUR' }, ...fields },
});

describe('the images of a product', () => {
  const [A, B, C] = ['a', 'b', 'c'].map((name) => `https://example.com/${name}.webp`);
  const toImages = (...urls: (string | undefined)[]) => urls.map((url) => ({ url }));
  const IMAGES = `__typename ... on Product { id version imageUrl images { url } }
    ... on ValidationFailedProblem { fields { path } }`;
  const change = async (name: 'createProduct' | 'updateProduct', input: object) => {
    const type = name === 'createProduct' ? 'CreateProductInput' : 'UpdateProductInput';
    const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { ${IMAGES} } }`;
    const { data, errors } = await catalogue.asAdmin(mutation, { input });
    expect(errors).toEqual([]);
    return data[name] as { id: string; version: number };
  };

  it('are listed in their order; imageUrl is the first', async () => {
    const created = await change('createProduct', newProduct({ images: toImages(A, B) }).input);
    expect(created).toMatchObject({ imageUrl: A, images: toImages(A, B) });
    const one = await change('createProduct', newProduct({ imageUrl: C }).input);
    expect(one).toMatchObject({ imageUrl: C, images: toImages(C) });
    const none = await change('createProduct', newProduct({ images: [] }).input);
    expect(none).toMatchObject({ imageUrl: null, images: [] });
  });

  it.each([
    [{ images: toImages(C, A) }, [C, A]],
    [{ images: [] }, []],
    [{ imageUrl: C }, [C, B]],
    [{ imageUrl: null }, []],
    [{ name: 'New' }, [A, B]],
  ])('are changed by %j', async (fields, urls) => {
    const { id } = await change('createProduct', newProduct({ images: toImages(A, B) }).input);
    const changed = await change('updateProduct', { id, version: 1, ...fields });
    expect(changed).toMatchObject({ imageUrl: urls[0] ?? null, images: toImages(...urls) });
    // The release before reads and writes the first image alone.
    await catalogue.database.query('UPDATE products SET image_url = NULL WHERE id = $1', [id]);
    const query = 'query ($id: ID) { product(id: $id) { imageUrl images { url } } }';
    const { data } = await catalogue.asRouter(query, { id });
    expect(data.product).toEqual({ imageUrl: null, images: [] });
  });

  it.each([
    [{ imageUrl: C }, [C]],
    [{ images: toImages(C, A) }, [C, A]],
    [{ name: 'New' }, []],
  ])('do not come back after the release before removed them: %j', async (fields, urls) => {
    const { id } = await change('createProduct', newProduct({ images: toImages(A, B) }).input);
    await catalogue.database.query('UPDATE products SET image_url = NULL WHERE id = $1', [id]);
    const changed = await change('updateProduct', { id, version: 1, ...fields });
    expect(changed).toMatchObject({ imageUrl: urls[0] ?? null, images: toImages(...urls) });
    await catalogue.database.query('UPDATE products SET image_url = $2 WHERE id = $1', [id, A]);
    const query = 'query ($id: ID) { product(id: $id) { images { url } } }';
    const { data } = await catalogue.asRouter(query, { id });
    expect(data.product).toEqual({ images: toImages(A, ...urls.slice(1)) });
  });

  it.each([
    ['more than ten', { images: Array(11).fill({ url: A }) }, 'images'],
    ['one that is no web address', { images: toImages(A, 'javascript:x') }, 'images.1.url'],
    ['an imageUrl beside them', { images: toImages(A), imageUrl: B }, 'images'],
  ])('are refused with %s', async (_what, fields, path) => {
    const refused = { __typename: 'ValidationFailedProblem', fields: [{ path }] };
    expect(await change('createProduct', newProduct(fields).input)).toEqual(refused);
    const { id } = await catalogue.addProduct();
    expect(await change('updateProduct', { id, version: 1, ...fields })).toEqual(refused);
  });
});

describe('the offers of products', () => {
  it('are the products that can be ordered, for services only', async () => {
    const { id } = await catalogue.addProduct({ stock: 0 });
    const archived = await catalogue.addProduct();
    const ARCHIVE = `mutation ($input: ArchiveProductInput!) { archiveProduct(input: $input) { __typename } }`;
    await catalogue.asAdmin(ARCHIVE, { input: { id: archived.id, version: 1 } });
    const OFFERS = 'query ($ids: [ID!]!) { offers(ids: $ids) { id stock } }';
    const ids = [archived.id, id, randomUUID(), id];
    const { data } = await catalogue.asOrderService(OFFERS, { ids });
    expect(data.offers).toEqual([{ id, stock: 0 }]);
    const many = await catalogue.asOrderService(OFFERS, { ids: Array(101).fill(id) });
    expect(many.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await catalogue.asAdmin(OFFERS, { ids })).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
