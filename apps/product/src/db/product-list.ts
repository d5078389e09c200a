import { cutPage, type Page } from '@cartograph/pagination';
import { readRows } from '@cartograph/postgres';
import {
  CONDITIONS,
  MAX_COUNT,
  type BoundedCount,
  type Comparison,
  type ListedProduct,
  type ProductFilter,
  type ProductKeys,
  type ProductQuery,
  type ProductSort,
} from '../domain/product-list.ts';
import { Prisma } from './generated/client.ts';
import type { CatalogueDatabase, Database } from './make-database.ts';
import {
  and,
  hasTerms,
  hasTermsInName,
  parseSearch,
  searchInOrder,
  type Blocks,
} from './product-search.ts';
import {
  columnOf,
  parameterOf,
  PRODUCT_COLUMNS,
  type ProductRow,
  type ReadProduct,
} from './rows.ts';

const COMPARISONS: Readonly<
  Record<Comparison, (column: Prisma.Sql, value: Prisma.Sql) => Prisma.Sql>
> = {
  equals: (column, value) => Prisma.sql`${column} = ${value}`,
  isOneOf: (column, value) => Prisma.sql`${column} = ANY(${value})`,
  isAtLeast: (column, value) => Prisma.sql`${column} >= ${value}`,
  isAtMost: (column, value) => Prisma.sql`${column} <= ${value}`,
  isPositive: (column) => Prisma.sql`${column} > 0`,
};

/** The SQL conditions of a filter, all but its text. */
export const toConditions = (filter: ProductFilter): Prisma.Sql[] => [
  filter.archived ? Prisma.sql`archived_at IS NOT NULL` : Prisma.sql`archived_at IS NULL`,
  ...Object.entries(CONDITIONS).flatMap(([name, { field, comparison }]) => {
    const value = filter[name as keyof typeof CONDITIONS] ?? null;
    if (value === null || value === false) return [];
    return [COMPARISONS[comparison](columnOf(field), parameterOf(field, value))];
  }),
];

/** The sorts that an index provides. RELEVANCE depends on the search text. */
export type IndexedSort = Exclude<ProductSort, 'RELEVANCE'>;

type Order<Key> = {
  /** The last field breaks ties. All have the same direction. */
  readonly fields: readonly (keyof ProductRow)[];
  readonly isDescending: boolean;
  readonly toKey: (row: ProductRow) => Key;
};

const byPrice = {
  fields: ['priceCents', 'id'],
  toKey: (row: ProductRow) => {
    const amount = Number(row.priceCents);
    return [Number.isSafeInteger(amount) ? amount : String(row.priceCents), row.id] as const;
  },
} as const;

const ORDERS: { readonly [Sort in IndexedSort]: Order<ProductKeys[Sort]> } = {
  NEWEST: {
    fields: ['position'],
    isDescending: true,
    toKey: (row) => [Number(row.position)],
  },
  PRICE_ASC: { ...byPrice, isDescending: false },
  PRICE_DESC: { ...byPrice, isDescending: true },
  NAME_ASC: {
    fields: ['name', 'id'],
    isDescending: false,
    toKey: (row) => [row.name, row.id],
  },
};

/** The column as it is sorted: names with case and accents as ties only. */
const sortedColumnOf = (field: keyof ProductRow): Prisma.Sql =>
  field === 'name' ? Prisma.sql`name COLLATE "und-x-icu"` : columnOf(field);

/**
 * The SQL of one page plus one row, in the order of an index. The key is compared as a row value:
 * Postgres then starts reading the index there, which it does not with OR.
 */
export const pageQuery = (
  sort: IndexedSort,
  conditions: readonly Prisma.Sql[],
  { direction, size, from }: ProductPageRequest,
): Prisma.Sql => {
  const { fields, ...order } = ORDERS[sort];
  const isDescending = order.isDescending === (direction === 'FORWARD');
  const columns = fields.map(sortedColumnOf);
  const all = [...conditions];
  if (from) {
    const key = Prisma.join(fields.map((field, index) => parameterOf(field, from[index])));
    const operator = isDescending ? Prisma.sql`<` : Prisma.sql`>`;
    all.push(Prisma.sql`(${Prisma.join(columns)}) ${operator} (${key})`);
  }
  const sortDirection = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  // The number of rows is part of the text: a plan for any number would read the whole table.
  return Prisma.sql`/* product.list */
    SELECT ${PRODUCT_COLUMNS} FROM products WHERE ${and(all)}
    ORDER BY ${Prisma.join(columns.map((column) => Prisma.sql`${column} ${sortDirection}`))}
    LIMIT ${Prisma.raw(String(size + 1))}`;
};

type ProductPageRequest = ProductQuery['page'];

type Source = CatalogueDatabase & { readonly readProduct: ReadProduct };

const EMPTY = { rows: [], hasNextPage: false };

const listIndexed = async (
  { pool, readProduct }: Source,
  sort: IndexedSort,
  conditions: readonly Prisma.Sql[],
  page: ProductPageRequest,
): Promise<Page<ListedProduct>> => {
  const rows = await readRows<ProductRow>(pool, pageQuery(sort, conditions, page));
  const { toKey } = ORDERS[sort];
  return cutPage(
    rows.map((row) => ({ product: readProduct(row), key: toKey(row) })),
    page.size,
  );
};

/** Reads one rank after the other: products with all terms in the name have rank 1, others 0. */
const listByRelevance = async (
  { database, readProduct }: Source,
  search: Blocks & { readonly query: string },
  conditions: readonly Prisma.Sql[],
  { direction, size, from }: ProductPageRequest,
): Promise<Page<ListedProduct>> => {
  const inName = hasTermsInName(search.query);
  const ranks = [
    { rank: 1, condition: [inName] },
    { rank: 0, condition: [hasTerms(search.query), Prisma.sql`NOT ${inName}`] },
  ] as const;
  const ordered = direction === 'FORWARD' ? ranks : ranks.toReversed();
  const [fromRank = null, fromPosition = null] = (from ?? []) as Partial<ProductKeys['RELEVANCE']>;
  const start = fromRank === null ? 0 : ordered.findIndex(({ rank }) => rank === fromRank);
  const found: ListedProduct[] = [];
  for (const [index, { rank, condition }] of ordered.slice(start).entries()) {
    if (found.length > size) break;
    const rows = await searchInOrder(database, search, {
      conditions: [...condition, ...conditions],
      direction,
      limit: size + 1 - found.length,
      from: index === 0 ? fromPosition : null,
    });
    for (const row of rows) {
      found.push({ product: readProduct(row), key: [rank, Number(row.position)] });
    }
  }
  return cutPage(found, size);
};

const listFound = async (
  source: Source,
  text: string,
  { filter, sort, page }: ProductQuery,
): Promise<Page<ListedProduct>> => {
  const { query, ...search } = await parseSearch(source.database, text);
  if (query === null) return EMPTY;
  const conditions = toConditions(filter);
  if (sort === 'RELEVANCE') return listByRelevance(source, { query, ...search }, conditions, page);
  const found = [hasTerms(query), ...conditions];
  if (sort !== 'NEWEST') return listIndexed(source, sort, found, page);
  const [from = null] = (page.from ?? []) as Partial<ProductKeys['NEWEST']>;
  const { direction, size } = page;
  const options = { conditions: found, direction, limit: size + 1, from };
  const rows = await searchInOrder(source.database, search, options);
  const { toKey } = ORDERS.NEWEST;
  return cutPage(
    rows.map((row) => ({ product: source.readProduct(row), key: toKey(row) })),
    size,
  );
};

/** Reads one page of products. */
export const listProducts = async (
  source: Source,
  query: ProductQuery,
): Promise<Page<ListedProduct>> => {
  const text = query.filter.text?.trim();
  if (text) return listFound(source, text, query);
  if (query.sort === 'RELEVANCE') throw new Error('RELEVANCE needs a text');
  return listIndexed(source, query.sort, toConditions(query.filter), query.page);
};

/** Counts the products that match a filter, up to MAX_COUNT. */
export const countProducts = async (
  database: Database,
  filter: ProductFilter,
): Promise<BoundedCount> => {
  const conditions = toConditions(filter);
  const text = filter.text?.trim();
  if (text) {
    const { query } = await parseSearch(database, text);
    if (query === null) return { count: 0, isExceeded: false };
    conditions.push(hasTerms(query));
  }
  const [row] = await database.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM (
      SELECT FROM products WHERE ${and(conditions)} LIMIT ${MAX_COUNT + 1}
    ) AS found`;
  const count = Number(row?.count ?? 0);
  return { count: Math.min(count, MAX_COUNT), isExceeded: count > MAX_COUNT };
};
