import { cutPage, type PageRequest } from '@cartograph/pagination';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../domain/order-store.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { ORDER_COLUMNS, toOrder, type OrderRow } from './rows.ts';

type Filter = Parameters<OrderStore['listOrders']>[0];

/** The list is newest first; a page is read in its own direction. */
const directionOf = ({ direction }: PageRequest<string>): Prisma.Sql =>
  direction === 'FORWARD' ? Prisma.sql`DESC` : Prisma.sql`ASC`;

/** One page plus one row, of the orders `o` that these conditions and the filter select. */
const pageOf = (
  conditions: readonly Prisma.Sql[],
  { status }: Pick<Filter, 'status'>,
  page: PageRequest<string>,
): Prisma.Sql => {
  const { direction, size, from } = page;
  const all = [...conditions];
  if (status) all.push(Prisma.sql`o.status = ${status}::order_status`);
  if (from !== null) {
    const operator = direction === 'FORWARD' ? Prisma.sql`<` : Prisma.sql`>`;
    all.push(Prisma.sql`o.id ${operator} ${from}::uuid`);
  }
  const where = all.length > 0 ? Prisma.sql`WHERE ${Prisma.join(all, ' AND ')}` : Prisma.empty;
  // The number of rows is part of the text: a plan for any number would read the whole table.
  return Prisma.sql`${where} ORDER BY o.id ${directionOf(page)}
    LIMIT ${Prisma.raw(String(size + 1))}`;
};

/**
 * The part of the order store that reads lists of orders. An order with an enum value that this version
 * does not know is part of its page, so that paging continues after it: see hideFaultyOrders.
 */
export const makeOrderList = ({
  run,
}: Pick<Database, 'run'>): Pick<OrderStore, 'listOrders' | 'listOrdersOfEach'> => {
  const read = async (statement: Prisma.Sql): Promise<readonly Order[]> =>
    (await run<OrderRow>(statement)).map(toOrder);

  return {
    listOrders: async (filter, page) => {
      const { userId } = filter;
      const own = userId === undefined ? [] : [Prisma.sql`o.user_id = ${userId}::uuid`];
      const orders = await read(Prisma.sql`/* order.list */
        SELECT ${ORDER_COLUMNS} FROM orders o ${pageOf(own, filter, page)}`);
      return cutPage(orders, page.size);
    },

    listOrdersOfEach: async (userIds, filter, page) => {
      // The newest of each customer by the index on (user_id, id).
      const orders = await read(Prisma.sql`/* order.list_of_each */
        SELECT ${ORDER_COLUMNS}
        FROM unnest(${[...userIds]}::uuid[]) AS customer (id)
        CROSS JOIN LATERAL (
          SELECT o.* FROM orders o ${pageOf([Prisma.sql`o.user_id = customer.id`], filter, page)}
        ) AS o
        ORDER BY o.id ${directionOf(page)}`);
      const byCustomer = Map.groupBy(orders, ({ userId }) => userId);
      return new Map(userIds.map((id) => [id, cutPage(byCustomer.get(id) ?? [], page.size)]));
    },
  };
};
