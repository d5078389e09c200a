import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type Added, type ProductService } from './open-product.ts';

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct();
});

afterAll(() => catalogue.close());

const LIST = `query ($first: Int, $after: String, $filter: ProductFilter) {
  products(first: $first, after: $after, filter: $filter) {
    nodes { id name }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

type Connection = {
  nodes: { id: string; name: string }[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

const list = async (variables: object) => {
  const { data, errors } = await catalogue.asRouter(LIST, variables);
  expect(errors).toEqual([]);
  return data.products as Connection;
};

const namesOf = async (filter: object) => {
  const { nodes } = await list({ filter, first: 100 });
  return nodes.map((node) => node.name).sort();
};

const addMany = async (count: number, fields: object): Promise<Added[]> => {
  const added: Added[] = [];
  for (let index = 0; index < count; index += 1) added.push(await catalogue.addProduct(fields));
  return added;
};

describe('the list of products', () => {
  it('is read to its end, newest first, without a repeat, while new products arrive', async () => {
    const added = await addMany(25, { category: 'paging' });
    const pages: Connection[] = [];
    let after: string | null = null;
    do {
      const page: Connection = await list({ first: 10, after, filter: { category: 'paging' } });
      pages.push(page);
      after = page.pageInfo.endCursor;
      await catalogue.addProduct({ category: 'paging' });
    } while (pages.at(-1)?.pageInfo.hasNextPage);

    expect(pages.map((page) => page.nodes.length)).toEqual([10, 10, 5]);
    expect(pages.map((page) => page.pageInfo.hasPreviousPage)).toEqual([false, true, true]);
    const seen = pages.flatMap((page) => page.nodes.map((node) => node.id));
    expect(seen).toEqual(added.map((product) => product.id).reverse());
  });

  it('has the same rows in edges and nodes, and the cursors of the first and the last', async () => {
    await addMany(3, { category: 'edges' });
    const { nodes, edges, pageInfo } = await list({ filter: { category: 'edges' } });
    expect(edges.map((edge) => edge.node.id)).toEqual(nodes.map((node) => node.id));
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor);
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
  });

  it('is empty, without cursors, when no product matches', async () => {
    expect(await list({ filter: { category: 'no-such-category' } })).toEqual({
      nodes: [],
      edges: [],
      pageInfo: {
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: null,
        endCursor: null,
      },
    });
  });

  it('refuses a page that is too large, too small, or has a foreign cursor', async () => {
    const foreign = Buffer.from(randomUUID()).toString('base64url');
    for (const page of [{ first: 0 }, { first: -1 }, { first: 101 }, { after: foreign }]) {
      const { data, errors } = await catalogue.asRouter(LIST, page);
      expect(data).toEqual({ products: null });
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('the filter', () => {
  beforeAll(async () => {
    const category = { category: 'filter' };
    await catalogue.addProduct({ ...category, name: 'Plain cup', description: 'holds TEA' });
    await catalogue.addProduct({ ...category, name: 'Discount 100% cup' });
    await catalogue.addProduct({ ...category, name: 'snake_case cup' });
    await catalogue.addProduct({ ...category, name: 'back\\slash cup', stock: 0 });
    await catalogue.addProduct({
      ...category,
      name: 'Dear cup',
      price: { amount: 900_000, currency: 'EUR' },
    });
  });

  const inCategory = (filter: object) => namesOf({ category: 'filter', ...filter });

  it('finds words in name and description, in any case', async () => {
    expect(await inCategory({ text: 'pLAIN' })).toEqual(['Plain cup']);
    expect(await inCategory({ text: 'tea' })).toEqual(['Plain cup']);
    expect(await inCategory({ text: '' })).toHaveLength(5);
  });

  it('limits prices, both bounds included', async () => {
    expect(await inCategory({ minPrice: 900_000 })).toEqual(['Dear cup']);
    expect(await inCategory({ maxPrice: 900_000 })).toHaveLength(5);
    expect(await inCategory({ maxPrice: 1999 })).toHaveLength(4);
    expect(await inCategory({ minPrice: 2000, maxPrice: 1999 })).toEqual([]);
  });

  it('leaves out products without stock on request', async () => {
    expect(await inCategory({ inStock: true })).not.toContain('back\\slash cup');
    expect(await inCategory({ inStock: false })).toContain('back\\slash cup');
  });

  it('finds what was updated at a time or later', async () => {
    const [product] = (await list({ filter: { category: 'filter', text: 'Plain' } })).nodes;
    const { data } = await catalogue.asRouter(
      'query ($id: ID!) { product(id: $id) { updatedAt } }',
      { id: product?.id },
    );
    const updatedAt = String(data.product.updatedAt);
    const later = new Date(Date.parse(updatedAt) + 1).toISOString();
    const inAnHour = new Date(Date.parse(updatedAt) + 3_600_000).toISOString();
    expect(await inCategory({ text: 'Plain', updatedSince: updatedAt })).toEqual(['Plain cup']);
    expect(await inCategory({ text: 'Plain', updatedSince: later })).toEqual([]);
    expect(await inCategory({ updatedSince: inAnHour })).toEqual([]);
    expect(await inCategory({ updatedSince: updatedAt.replace('Z', '+00:00') })).toHaveLength(5);
    expect(await inCategory({ updatedSince: '0001-01-01T00:00:00Z' })).toHaveLength(5);
    expect(await inCategory({ updatedSince: null })).toHaveLength(5);
  });

  it('combines its conditions', async () => {
    expect(await inCategory({ text: 'cup', maxPrice: 1999, inStock: true })).toEqual([
      'Discount 100% cup',
      'Plain cup',
      'snake_case cup',
    ]);
  });

  it.each([
    ['text', { text: 'a\0b' }],
    ['category', { category: '\0' }],
    ['text', { text: 'x'.repeat(201) }],
    ['minPrice', { minPrice: -1 }],
    ['category', { category: 'x'.repeat(61) }],
    ['skus.1', { skus: ['A-1', 'x'.repeat(65)] }],
    ['currency', { currency: 'XXX' }],
    ['updatedSince', { updatedSince: '0000-01-01T00:00:00Z' }],
    ['updatedSince', { updatedSince: '9999-12-31T23:59:59-23:00' }],
  ])('names the invalid argument: filter.%s', async (field, filter) => {
    const { errors } = await catalogue.asRouter(LIST, { filter });
    expect(errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      argument: `filter.${field}`,
      fault: expect.stringMatching(/^(must|is) /),
    });
  });

  it.each([{ maxPrice: 2 ** 53 }, { currency: 'ERU' }, { updatedSince: 'infinity' }])(
    'refuses values that are not of the type: %j',
    async (filter) => {
      const { errors } = await catalogue.asRouter(LIST, { filter });
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );
});

describe('one product', () => {
  const BY = 'query ($id: ID, $sku: String) { product(id: $id, sku: $sku) { id sku } }';

  it('is found by id and by SKU', async () => {
    const { id, sku } = await catalogue.addProduct();
    for (const key of [{ id }, { id: id.toUpperCase() }, { sku }]) {
      const { data } = await catalogue.asRouter(BY, key);
      expect(data.product).toEqual({ id, sku });
    }
  });

  it('is null when there is none', async () => {
    for (const key of [{ id: randomUUID() }, { sku: 'no-such-sku' }]) {
      expect(await catalogue.asRouter(BY, key)).toMatchObject({ data: { product: null } });
    }
  });

  it('requires exactly one valid key', async () => {
    const { id, sku } = await catalogue.addProduct();
    for (const key of [{}, { id, sku }, { id: 'nonsense' }, { sku: 'a\0' }]) {
      const { errors } = await catalogue.asRouter(BY, key);
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('references', () => {
  const ENTITIES = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on Product { id sku } }
  }`;

  it('resolve 50 products in one request, in its order, by either key', async () => {
    const added = await addMany(50, { category: 'references' });
    const representations = added.map(({ id, sku }, index) => ({
      __typename: 'Product',
      ...(index % 2 === 0 ? { id } : { sku }),
    }));
    const { data, errors } = await catalogue.asRouter(ENTITIES, { representations });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(added.map(({ id, sku }) => ({ id, sku })));
  });

  it('resolve to null when the product does not exist', async () => {
    const { id, sku } = await catalogue.addProduct();
    const { data } = await catalogue.asRouter(ENTITIES, {
      representations: [
        { __typename: 'Product', id: randomUUID() },
        { __typename: 'Product', id },
      ],
    });
    expect(data._entities).toEqual([null, { id, sku }]);
  });
});
