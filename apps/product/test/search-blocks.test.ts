import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { toConditions } from '../src/db/product-list.ts';
import { hasTerms, parseSearch, searchInOrder } from '../src/db/product-search.ts';

let testDatabase: TestDatabase;
let database: Database;

const PRODUCTS = 55_000;

/** Which products have a word, by their position. */
const WORDS = {
  everywhere: 'true',
  tenth: 'n % 10 = 0',
  hundredth: 'n % 100 = 7',
  thousandth: 'n % 1000 = 7',
  scarce: 'n % 9000 = 1',
  once: 'n = 12345',
  oldest: 'n < 400',
  newest: 'n > 54900',
  middle: 'n BETWEEN 19990 AND 20010 OR n % 7000 = 0',
} as const;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('product');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 2 });
  const words = Object.entries(WORDS).map(
    ([word, condition]) => `CASE WHEN ${condition} THEN ' ${word}' ELSE '' END`,
  );
  await testDatabase.query(`
    INSERT INTO products
      (id, sku, name, description, category, price_cents, currency, stock, created_at, updated_at)
    SELECT gen_random_uuid(), 'block-' || n, 'Thing', ${words.join(' || ')}, 'things', 1, 'EUR',
      n % 3, now(), now()
    FROM generate_series(1, ${PRODUCTS}) AS n`);
  await testDatabase.query('VACUUM ANALYZE products');
});

afterAll(async () => {
  await database.$disconnect();
  await testDatabase.drop();
});

/** Reads what has a word from one end to the other, at most `most` products. */
const readAll = async (
  word: string,
  direction: 'FORWARD' | 'BACKWARD',
  limit: number,
  most: number,
): Promise<number[]> => {
  const search = await parseSearch(database, word);
  if (search.query === null) throw new Error(`no product has ${word}`);
  const conditions = [hasTerms(search.query), ...toConditions({ inStock: true })];
  const positions: number[] = [];
  for (;;) {
    const from = positions.at(-1) ?? null;
    const rows = await searchInOrder(database, search, { conditions, direction, limit, from });
    positions.push(...rows.map((row) => Number(row.position)));
    if (rows.length < limit || positions.length >= most) return positions;
  }
};

describe('a search through several blocks', () => {
  it.each(Object.entries(WORDS))(
    'finds all products with %j (%s) once and in order, from either end',
    async (word, condition) => {
      const rows = await testDatabase.query<{ position: number }>(
        `SELECT position::int AS position FROM (SELECT position, position AS n, stock FROM products) p
         WHERE stock > 0 AND (${condition}) ORDER BY position`,
      );
      const oldestFirst = rows.map(({ position }) => position);
      const most = 1_500;
      for (const limit of [21, 500]) {
        const forward = await readAll(word, 'FORWARD', limit, most);
        expect(forward).toEqual(oldestFirst.toReversed().slice(0, forward.length));
        const backward = await readAll(word, 'BACKWARD', limit, most);
        expect(backward).toEqual(oldestFirst.slice(0, backward.length));
        const expected = Math.min(oldestFirst.length, most);
        expect([forward.length, backward.length].every((count) => count >= expected)).toBe(true);
      }
    },
  );
});
