import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { v7 as makeId } from 'uuid';
import type { Prisma } from '../src/db/generated/client.ts';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { pageQuery, toConditions, type IndexedSort } from '../src/db/product-list.ts';
import { hasTerms, parseSearch, termsQuery, windowQuery } from '../src/db/product-search.ts';
import type { ProductFilter, ProductKey } from '../src/domain/product-list.ts';

let testDatabase: TestDatabase;
let database: Database;

/** Enough that Postgres prefers an index. */
const PRODUCTS = 40_000;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('product');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 2 });
  await testDatabase.query(`
    INSERT INTO products
      (id, sku, name, description, category, price_cents, currency, stock, created_at, updated_at)
    SELECT gen_random_uuid(), 'plan-' || n, 'Thing ' || chr(97 + n % 26) || 'x' || n % 500,
      CASE WHEN n % 10 = 0 THEN 'often' ELSE 'rare' || chr(97 + n % 7) || chr(97 + n % 19) END,
      'category-' || n % 400, n % 9973, CASE WHEN n % 50 = 0 THEN 'USD' ELSE 'EUR' END, n % 20,
      now(), now()
    FROM generate_series(1, ${PRODUCTS}) AS n`);
  await testDatabase.query(`
    INSERT INTO search_words SELECT DISTINCT translate(left(md5(n::text), 9), '0123456789', 'ghijklmnop') FROM generate_series(1, 30000) AS n
    ON CONFLICT DO NOTHING`);
  await testDatabase.query('VACUUM ANALYZE products');
  await testDatabase.query('VACUUM ANALYZE search_words');
});

afterAll(async () => {
  await database.$disconnect();
  await testDatabase.drop();
});

type Plan = {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

/** The plan of a statement: its nodes, indexes and numbers of rows. */
const explain = async (statement: Prisma.Sql) => {
  const rows = await testDatabase.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
    statement.values.map((value) => (typeof value === 'bigint' ? String(value) : value)),
  );
  const nodes: Plan[] = [];
  const collect = (plan: Plan): void => {
    nodes.push(plan);
    plan.Plans?.forEach(collect);
  };
  const [first] = rows;
  if (!first) throw new Error('no plan');
  collect(first['QUERY PLAN'][0].Plan);
  return {
    types: nodes.map((node) => node['Node Type']),
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    mostRows: Math.max(...nodes.map((node) => node['Actual Rows'] ?? 0)),
    inVain: Math.max(...nodes.map((node) => node['Rows Removed by Filter'] ?? 0)),
  };
};

const page = (from: ProductKey | null = null) =>
  ({ direction: 'FORWARD', size: 20, from }) as const;

describe('each main query', () => {
  it.each<[string, IndexedSort, ProductFilter, ProductKey | null, string]>([
    ['the first page', 'NEWEST', {}, null, 'products_position_key'],
    ['the deepest page', 'NEWEST', {}, [30], 'products_position_key'],
    ['the cheapest', 'PRICE_ASC', {}, null, 'products_price_cents_id_idx'],
    ['the most expensive, deep', 'PRICE_DESC', {}, [40, makeId()], 'products_price_cents_id_idx'],
    ['by name, deep', 'NAME_ASC', {}, ['Thing y', makeId()], 'products_name_id_idx'],
    ['a category', 'NEWEST', { category: 'category-7' }, null, 'products_category_position_idx'],
    [
      'a category by price',
      'PRICE_ASC',
      { category: 'category-7' },
      [100, makeId()],
      'products_category_price_cents_id_idx',
    ],
    [
      'a price range',
      'PRICE_ASC',
      { minPrice: 100, maxPrice: 300 },
      null,
      'products_price_cents_id_idx',
    ],
    [
      'a currency that few have',
      'PRICE_ASC',
      { currency: 'USD' },
      null,
      'products_currency_price_cents_id_idx',
    ],
    ['what is in stock', 'NEWEST', { inStock: true }, null, 'products_position_key'],
  ])(
    'reads %s from its index, in order, and no more rows than a page',
    async (_what, sort, filter, from, index) => {
      const plan = await explain(pageQuery(sort, toConditions(filter), page(from)));
      expect(plan.indexes).toEqual([index]);
      expect(plan.types).not.toContain('Seq Scan');
      expect(plan.types.filter((type) => /Sort/.test(type))).toEqual([]);
      expect(plan.mostRows).toBeLessThanOrEqual(21);
      expect(plan.inVain).toBeLessThanOrEqual(21);
    },
  );

  it.each(['NEWEST', 'PRICE_ASC'] as const)(
    'finds recently updated products by their index, sorted by %s',
    async (sort) => {
      const since = new Date(Date.now() + 60_000);
      await testDatabase.query(
        `UPDATE products SET updated_at = now() + interval '1 hour' WHERE position % 4000 = 0`,
      );
      await testDatabase.query('VACUUM ANALYZE products');
      const plan = await explain(pageQuery(sort, toConditions({ updatedSince: since }), page()));
      expect(plan.indexes).toEqual(['products_updated_at_idx']);
      expect(plan.types).not.toContain('Seq Scan');
      expect(plan.mostRows).toBeLessThanOrEqual(PRODUCTS / 10);
    },
  );

  it('finds SKUs by their index', async () => {
    const skus = Array.from({ length: 20 }, (_, index) => `plan-${index + 1}`);
    const plan = await explain(pageQuery('NEWEST', toConditions({ skus }), page()));
    expect(plan.indexes).toEqual(['products_sku_key']);
  });

  it.each([
    ['many products have', 'often'],
    ['few products have', 'rareab'],
  ])('finds terms that %s in the index of terms, or reads few rows', async (_what, word) => {
    const search = await parseSearch(database, word);
    if (search.query === null) throw new Error('the word is not known');
    for (const isSparse of [false, true]) {
      const plan = await explain(
        windowQuery({
          conditions: [hasTerms(search.query), ...toConditions({})],
          direction: 'FORWARD',
          limit: 21,
          blocks: isSparse ? [2, 1] : [4, 3],
          beyond: null,
          isSparse,
        }),
      );
      expect(plan.types).not.toContain('Seq Scan');
      if (isSparse) expect(plan.indexes).toEqual(['products_words_idx']);
      expect(plan.mostRows).toBeLessThanOrEqual(20_000);
    }
  });

  it.each(['often', 'thi', 'ofetn', 'no such words at all'])(
    'finds the words of %j by an index',
    async (text) => {
      const plan = await explain(termsQuery(text));
      expect(plan.types).not.toContain('Seq Scan');
      expect(plan.indexes).toContain('search_words_pkey');
    },
  );
});
