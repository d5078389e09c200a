import type { TwoWayPageRequest } from '@cartograph/pagination';
import type { ProductKey, ProductKeys, ProductSort } from '../domain/product-list.ts';
import { Prisma } from './generated/client.ts';
import { and } from './product-conditions.ts';
import { PRODUCT_COLUMNS, type ProductRow } from './to-product.ts';

/** The sorts that an index has in order. RELEVANCE depends on what is searched for. */
export type IndexedSort = Exclude<ProductSort, 'RELEVANCE'>;

/** What an order goes by, and how the part of a key that stands for it is compared with it. */
type Column = { readonly sql: Prisma.Sql; readonly toValue: (part: string | number) => Prisma.Sql };

type Order<Key> = {
  /** The last one breaks ties. All run the same way. */
  readonly columns: readonly Column[];
  readonly isDescending: boolean;
  readonly toKey: (row: ProductRow) => Key;
};

const id: Column = { sql: Prisma.sql`id`, toValue: (part) => Prisma.sql`${part}::uuid` };

const position: Column = {
  sql: Prisma.sql`position`,
  toValue: (part) => Prisma.sql`${BigInt(part)}`,
};

const price: Column = {
  sql: Prisma.sql`price_cents`,
  toValue: (part) => Prisma.sql`${BigInt(part)}`,
};

const name: Column = {
  sql: Prisma.sql`name COLLATE "und-x-icu"`,
  toValue: (part) => Prisma.sql`${part}`,
};

const byPrice = {
  columns: [price, id],
  toKey: (row: ProductRow) => {
    const amount = Number(row.priceCents);
    return [Number.isSafeInteger(amount) ? amount : String(row.priceCents), row.id] as const;
  },
};

const ORDERS: { readonly [Sort in IndexedSort]: Order<ProductKeys[Sort]> } = {
  NEWEST: {
    columns: [position],
    isDescending: true,
    toKey: (row) => [Number(row.position)],
  },
  PRICE_ASC: { ...byPrice, isDescending: false },
  PRICE_DESC: { ...byPrice, isDescending: true },
  NAME_ASC: {
    columns: [name, id],
    isDescending: false,
    toKey: (row) => [row.name, row.id],
  },
};

/** Where a row stands in an order. */
export const keyOf = (sort: IndexedSort, row: ProductRow): ProductKey => ORDERS[sort].toKey(row);

/**
 * The SQL of one page, and of one row more, in an order that an index has. The key is compared as
 * a row value: Postgres then begins to read there, which it does not with OR.
 */
export const pageQuery = (
  sort: IndexedSort,
  conditions: readonly Prisma.Sql[],
  { direction, size, from }: TwoWayPageRequest<ProductKey>,
): Prisma.Sql => {
  const { columns, ...order } = ORDERS[sort];
  const isDescending = order.isDescending === (direction === 'FORWARD');
  const all = [...conditions];
  if (from) {
    const here = Prisma.join(columns.map(({ sql }) => sql));
    const there = Prisma.join(columns.map(({ toValue }, index) => toValue(from[index] ?? '')));
    all.push(Prisma.sql`(${here}) ${isDescending ? Prisma.sql`<` : Prisma.sql`>`} (${there})`);
  }
  const way = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return Prisma.sql`
    SELECT ${PRODUCT_COLUMNS} FROM products WHERE ${and(all)}
    ORDER BY ${Prisma.join(columns.map(({ sql }) => Prisma.sql`${sql} ${way}`))}
    LIMIT ${size + 1}`;
};
