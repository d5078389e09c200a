import { cutPage, type Page } from '@cartograph/pagination';
import {
  MAX_COUNT,
  type BoundedCount,
  type ListedProduct,
  type ProductFilter,
  type ProductKeys,
  type ProductQuery,
} from '../domain/product-list.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { and, toConditions } from './product-conditions.ts';
import { keyOf, pageQuery, type IndexedSort } from './product-orders.ts';
import { searchInOrder } from './search-products.ts';
import { hasWords, hasWordsInName, readSearch } from './search-words.ts';
import type { ProductRow, ReadProduct } from './to-product.ts';

type PageQuery = ProductQuery['page'];

const NOTHING = { rows: [], hasNextPage: false };

/** Where products are read, and how a row is. */
type Source = { readonly database: Database; readonly readProduct: ReadProduct };

const listIndexed = async (
  { database, readProduct }: Source,
  sort: IndexedSort,
  conditions: readonly Prisma.Sql[],
  page: PageQuery,
): Promise<Page<ListedProduct>> => {
  const rows = await database.$queryRaw<ProductRow[]>(pageQuery(sort, conditions, page));
  return cutPage(
    rows.map((row) => ({ product: readProduct(row), key: keyOf(sort, row) })),
    page.size,
  );
};

/** One rank after the other: products with all words in the name are rank 1, the others rank 0. */
const listByRelevance = async (
  { database, readProduct }: Source,
  query: string,
  conditions: readonly Prisma.Sql[],
  { direction, size, from }: PageQuery,
  search: Parameters<typeof searchInOrder>[1],
): Promise<Page<ListedProduct>> => {
  const inName = hasWordsInName(query);
  const ranks = [
    { rank: 1, condition: [inName] },
    { rank: 0, condition: [hasWords(query), Prisma.sql`NOT ${inName}`] },
  ];
  if (direction === 'BACKWARD') ranks.reverse();
  const [fromRank = null, fromPosition = null] = (from ?? []) as Partial<ProductKeys['RELEVANCE']>;
  const start = fromRank === null ? 0 : ranks.findIndex(({ rank }) => rank === fromRank);
  const found: ListedProduct[] = [];
  for (const [index, { rank, condition }] of ranks.slice(start).entries()) {
    if (found.length > size) break;
    const rows = await searchInOrder(database, search, {
      conditions: [...condition, ...conditions],
      direction,
      limit: size + 1 - found.length,
      from: index === 0 ? fromPosition : null,
    });
    found.push(
      ...rows.map((row) => ({
        product: readProduct(row),
        key: [rank, Number(row.position)] as const,
      })),
    );
  }
  return cutPage(found, size);
};

const listFound = async (
  source: Source,
  text: string,
  { filter, sort, page }: ProductQuery,
): Promise<Page<ListedProduct>> => {
  const { database, readProduct } = source;
  const search = await readSearch(database, text);
  if (search.query === null) return NOTHING;
  const conditions = toConditions(filter);
  if (sort === 'RELEVANCE') {
    return listByRelevance(source, search.query, conditions, page, search);
  }
  const found = [hasWords(search.query), ...conditions];
  if (sort !== 'NEWEST') return listIndexed(source, sort, found, page);
  const rows = await searchInOrder(database, search, {
    conditions: found,
    direction: page.direction,
    limit: page.size + 1,
    from: (page.from?.[0] as number | undefined) ?? null,
  });
  return cutPage(
    rows.map((row) => ({ product: readProduct(row), key: keyOf(sort, row) })),
    page.size,
  );
};

/** Reads one page of the catalogue. */
export const listProducts = async (
  source: Source,
  query: ProductQuery,
): Promise<Page<ListedProduct>> => {
  const text = query.filter.text?.trim();
  if (text) return listFound(source, text, query);
  if (query.sort === 'RELEVANCE') throw new Error('nothing is relevant to no text');
  return listIndexed(source, query.sort, toConditions(query.filter), query.page);
};

/** Counts what a filter finds, up to MAX_COUNT. */
export const countProducts = async (
  database: Database,
  filter: ProductFilter,
): Promise<BoundedCount> => {
  const conditions = toConditions(filter);
  const text = filter.text?.trim();
  if (text) {
    const { query } = await readSearch(database, text);
    if (query === null) return { count: 0, isExceeded: false };
    conditions.push(hasWords(query));
  }
  const [row] = await database.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM (
      SELECT FROM products WHERE ${and(conditions)} LIMIT ${MAX_COUNT + 1}
    ) AS found`;
  const count = Number(row?.count ?? 0);
  return { count: Math.min(count, MAX_COUNT), isExceeded: count > MAX_COUNT };
};
