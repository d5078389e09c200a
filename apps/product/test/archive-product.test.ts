import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReader, type Reader } from './list-products.ts';
import { openProduct, type Added, type ProductService } from './open-product.ts';
import { makeReserver } from './reserve-stock.ts';

let catalogue: ProductService;
let reader: Reader;

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
});

afterAll(() => catalogue.close());

const change = async (
  field: 'archiveProduct' | 'restoreProduct',
  { id }: Added,
  version: number,
  send = catalogue.asAdmin,
) => {
  const { data, errors } = await send(
    `mutation ($input: ArchiveProductInput!) {
      ${field}(input: $input) {
        __typename
        ... on Product { version archivedAt }
        ... on VersionConflictProblem { currentVersion }
        ... on ProductNotFoundProblem { productId }
      }
    }`,
    { input: { id, version } },
  );
  return data?.[field] ?? errors[0]?.extensions.code;
};

const categories = async () =>
  (await catalogue.asRouter('{ categories { name productCount } }')).data.categories;

describe('an archived product', () => {
  it('is neither listed nor for sale, but is found by id', async () => {
    const product = await catalogue.addProduct({ name: 'Old kettle', category: 'attic' });
    expect(await categories()).toContainEqual({ name: 'attic', productCount: 1 });
    expect(await change('archiveProduct', product, 1)).toMatchObject({ version: 2 });

    expect(await reader.namesOf({ filter: { category: 'attic' } })).toEqual([]);
    expect(await reader.namesOf({ filter: { text: 'old kettle' } })).toEqual([]);
    expect(await categories()).toEqual([]);
    const refused = await makeReserver(catalogue).reserve(randomUUID(), [
      { productId: product.id, quantity: 1 },
    ]);
    expect(refused).toMatchObject({ code: 'PRODUCT_NOT_FOUND', productId: product.id });
    const { data } = await catalogue.asRouter(
      'query ($id: ID!) { product(id: $id) { name archivedAt } }',
      { id: product.id },
    );
    expect(data.product).toEqual({ name: 'Old kettle', archivedAt: expect.any(String) });
  });

  it('is listed again when it is restored', async () => {
    const product = await catalogue.addProduct({ category: 'cellar' });
    await change('archiveProduct', product, 1);
    expect(await change('restoreProduct', product, 2)).toMatchObject({ archivedAt: null });
    expect(await reader.namesOf({ filter: { category: 'cellar' } })).toHaveLength(1);
    expect(await categories()).toContainEqual({ name: 'cellar', productCount: 1 });
  });

  it('releases and sells units that were reserved before', async () => {
    const product = await catalogue.addProduct({ stock: 5 });
    const stock = makeReserver(catalogue);
    const [sold, returned] = [randomUUID(), randomUUID()];
    for (const orderId of [sold, returned]) {
      await stock.reserve(orderId, [{ productId: product.id, quantity: 2 }]);
    }
    await change('archiveProduct', product, 1);
    expect(await stock.commit(sold)).toMatchObject({ status: 'COMMITTED' });
    expect(await stock.release(returned)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(product.id)).toBe(3);
  });

  it('is listed for administrators on request, and for no other caller', async () => {
    const product = await catalogue.addProduct({ category: 'hidden' });
    await change('archiveProduct', product, 1);
    const list = '{ products(filter: { archived: true, category: "hidden" }) { nodes { id } } }';
    expect((await catalogue.asAdmin(list)).data.products.nodes).toEqual([{ id: product.id }]);
    const codeOf = async (send: typeof catalogue.asShopper) =>
      (await send(list)).errors[0]?.extensions.code;
    expect(await codeOf(catalogue.asShopper)).toBe('FORBIDDEN');
    expect(await codeOf(catalogue.asRouter)).toBe('UNAUTHENTICATED');
  });

  it('is archived by administrators only, at its current version', async () => {
    const product = await catalogue.addProduct();
    expect(await change('archiveProduct', product, 1, catalogue.asShopper)).toBe('FORBIDDEN');
    expect(await change('archiveProduct', product, 7)).toMatchObject({ currentVersion: 1 });
    const unknown = { ...product, id: randomUUID() };
    expect(await change('archiveProduct', unknown, 1)).toMatchObject({ productId: unknown.id });
    await change('archiveProduct', product, 1);
    for (const send of [catalogue.asShopper, catalogue.asRouter]) {
      expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(
        await change('restoreProduct', product, 2, send),
      );
    }
    expect(await change('restoreProduct', product, 1)).toMatchObject({ currentVersion: 2 });
  });
});
