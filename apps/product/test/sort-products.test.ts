import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReader, type Listed, type Reader } from './list-products.ts';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;
let reader: Reader;

const NAMES = ['eclair', 'Éclair', 'Zebra', 'apple', 'Apple', 'banana', 'éclair', 'Banana'];
const SORTS = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'NAME_ASC', 'RELEVANCE'] as const;

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
  for (const [index, name] of NAMES.entries()) {
    await catalogue.addProduct({
      name,
      price: { amount: 100 * (index % 3), currency: index % 2 === 0 ? 'EUR' : 'USD' },
      category: index % 4 === 0 ? 'even' : 'odd',
      stock: index === 5 ? 0 : 3,
      description: 'cake',
    });
  }
});

afterAll(() => catalogue.close());

const read = (sort: string, filter: object = {}, options: object = {}) =>
  reader.readAll({ sort, filter }, { size: 3, ...options });
const namesOf = (products: readonly Listed[]) => products.map(({ name }) => name);

describe('the catalogue in order', () => {
  it('of names sorts by letters first, then by case and accents', async () => {
    expect(namesOf(await read('NAME_ASC'))).toEqual([
      'apple',
      'Apple',
      'banana',
      'Banana',
      'eclair',
      'éclair',
      'Éclair',
      'Zebra',
    ]);
  });

  it('of prices has the lowest or the highest first', async () => {
    const prices = (products: readonly Listed[]) => products.map(({ price }) => price.amount);
    const ascending = [0, 0, 0, 100, 100, 100, 200, 200];
    expect(prices(await read('PRICE_ASC'))).toEqual(ascending);
    expect(prices(await read('PRICE_DESC'))).toEqual(ascending.toReversed());
  });

  it('of arrival has the newest first, and is the default', async () => {
    const newest = namesOf(await read('NEWEST'));
    expect(newest).toEqual(NAMES.toReversed());
    expect(namesOf(await reader.readAll({}))).toEqual(newest);
    expect(namesOf(await read('RELEVANCE'))).toEqual(newest);
  });

  it.each(SORTS.flatMap((sort) => [{}, { text: 'cake' }].map((filter) => ({ sort, filter }))))(
    'lists each product once, the same from either end: %j',
    async ({ sort, filter }) => {
      const forward = await read(sort, filter);
      expect(await read(sort, filter, { backward: true })).toEqual(forward);
      expect(await read(sort, filter, { size: 1 })).toEqual(forward);
      expect(await read(sort, filter, { size: 1, backward: true })).toEqual(forward);
      expect(namesOf(forward).sort()).toEqual([...NAMES].sort());
    },
  );

  it('pages backward from the middle', async () => {
    const first = await reader.readPage({ first: 3, sort: 'PRICE_ASC' });
    const second = await reader.readPage({
      first: 3,
      after: first.pageInfo.endCursor,
      sort: 'PRICE_ASC',
    });
    const back = await reader.readPage({
      last: 3,
      before: second.pageInfo.startCursor,
      sort: 'PRICE_ASC',
    });
    expect(back.nodes).toEqual(first.nodes);
    expect(back.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });

  it('refuses the cursor of another order, and an unknown order', async () => {
    const { pageInfo } = await reader.readPage({ first: 1, sort: 'PRICE_ASC' });
    for (const sort of ['NEWEST', 'PRICE_DESC', 'NAME_ASC']) {
      expect(await reader.codeOf({ after: pageInfo.endCursor, sort })).toBe('BAD_USER_INPUT');
    }
    expect(await reader.codeOf({ sort: 'price_cents; DROP TABLE products' })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await reader.codeOf({ first: 2, last: 2 })).toBe('BAD_USER_INPUT');
  });
});

describe('the filter', () => {
  const find = async (filter: object) => (await read('NAME_ASC', filter)).length;

  it('filters by categories, a currency and SKUs', async () => {
    const [one, two] = await read('NEWEST');
    expect(await find({ categories: ['even'] })).toBe(2);
    expect(await find({ categories: ['even', 'odd', 'none'] })).toBe(8);
    expect(await find({ categories: [] })).toBe(0);
    expect(await find({ categories: ['even'], category: 'odd' })).toBe(0);
    expect(await find({ currency: 'USD' })).toBe(4);
    expect(await find({ currency: 'USD', minPrice: 100, maxPrice: 100 })).toBe(2);
    expect(await find({ skus: [one?.sku, two?.sku, 'no-such-sku'] })).toBe(2);
    expect(await find({ text: 'cake', currency: 'EUR', inStock: true })).toBe(4);
    expect(await find({ inStock: true })).toBe(7);
  });

  it('refuses more than 100 values', async () => {
    const skus = Array.from({ length: 101 }, (_, index) => `sku-${index}`);
    for (const filter of [{ skus }, { categories: skus }, { skus: ['\0'] }, { currency: 'euro' }]) {
      expect(await reader.codeOf({ filter })).toBe('BAD_USER_INPUT');
    }
  });
});

describe('the number of products', () => {
  const COUNT = `query ($filter: ProductFilter) {
    products(filter: $filter, first: 1) { totalCount totalCountExceeded }
    categories { name productCount }
  }`;
  const count = async (filter: object = {}) => (await catalogue.asRouter(COUNT, { filter })).data;

  it('is counted for the filter, and for each category', async () => {
    expect(await count()).toEqual({
      products: { totalCount: 8, totalCountExceeded: false },
      categories: [
        { name: 'even', productCount: 2 },
        { name: 'odd', productCount: 6 },
      ],
    });
    expect((await count({ text: 'cake', category: 'odd' })).products.totalCount).toBe(6);
    expect((await count({ text: 'nothing of the kind' })).products.totalCount).toBe(0);
  });

  it('is counted up to 10,000, and marked when exceeded', async () => {
    await catalogue.database.query(`
      INSERT INTO products
        (id, sku, name, description, category, price_cents, currency, stock, created_at, updated_at)
      SELECT gen_random_uuid(), 'many-' || n, 'Bead', '', 'beads', 5, 'EUR', 1, now(), now()
      FROM generate_series(1, 10001) AS n`);
    const { products, categories } = await count({ category: 'beads' });
    expect(products).toEqual({ totalCount: 10_000, totalCountExceeded: true });
    expect(categories).toContainEqual({ name: 'beads', productCount: 10_001 });
    expect((await count({ text: 'bead' })).products.totalCountExceeded).toBe(true);
  });
});
