import { cutPage, type PageRequest } from '@cartograph/pagination';
import { isUnreadableRow } from '@cartograph/subgraph';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../domain/order-store.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { isKnownOrder, toOrder, toUnknownOrder, ORDER_FIELDS, type OrderEnums } from './rows.ts';

/** The part of the order store that reads lists of orders. */
export const makeOrderList = (
  database: Database,
): Pick<OrderStore, 'listOrders' | 'listOrdersOfEach'> => {
  /** Reads the orders of a page; see toUnknownOrder for those that Prisma cannot read. */
  const readListed = async (listed: readonly OrderEnums[]): Promise<readonly Order[]> => {
    const rows = await database.prisma.order.findMany({
      where: { id: { in: listed.filter(isKnownOrder).map(({ id }) => id) } },
      select: ORDER_FIELDS,
    });
    const byId = new Map(rows.map((row) => [row.id, toOrder(row)]));
    return listed.flatMap(
      (row) => byId.get(row.id) ?? (isKnownOrder(row) ? [] : toUnknownOrder(row)),
    );
  };

  /** As listOrders, in one more statement, also where a row has an unknown enum value. */
  const listWithUnknown = async (
    { userId, status = null }: Parameters<OrderStore['listOrders']>[0],
    { first, after }: PageRequest<string>,
  ): Promise<readonly Order[]> =>
    readListed(
      await database.prisma.$queryRaw<OrderEnums[]>`
        SELECT id::text, user_id::text AS "userId", status::text,
          cancel_reason::text AS "cancelReason" FROM orders
        WHERE ${userId === undefined ? Prisma.sql`true` : Prisma.sql`user_id = ${userId}::uuid`}
          AND (${status}::order_status IS NULL OR status = ${status}::order_status)
          AND (${after}::uuid IS NULL OR id < ${after}::uuid)
        ORDER BY id DESC LIMIT ${first + 1}`,
    );

  return {
    listOrders: async (filter, page) => {
      const { userId, status } = filter;
      const { first, after } = page;
      const read = database.prisma.order.findMany({
        where: {
          ...(userId !== undefined && { userId }),
          ...(status && { status }),
          ...(after && { id: { lt: after } }),
        },
        orderBy: { id: 'desc' },
        take: first + 1,
        select: ORDER_FIELDS,
      });
      const orders = await read.then(
        (rows) => rows.map(toOrder),
        (error: unknown) => {
          if (!isUnreadableRow(error)) throw error;
          return listWithUnknown(filter, page);
        },
      );
      return cutPage(orders, first);
    },

    listOrdersOfEach: async (userIds, { status = null }, { first, after }) => {
      // The newest of each customer by the index on (user_id, id), then the orders themselves.
      const listed = await database.prisma.$queryRaw<OrderEnums[]>`
        SELECT page.id::text, customer.id::text AS "userId", page.status::text,
          page.cancel_reason::text AS "cancelReason"
        FROM unnest(${[...userIds]}::uuid[]) AS customer (id)
        CROSS JOIN LATERAL (
          SELECT id, status, cancel_reason FROM orders
          WHERE user_id = customer.id
            AND (${after}::uuid IS NULL OR id < ${after}::uuid)
            AND (${status}::order_status IS NULL
              OR status = ${status}::order_status)
          ORDER BY id DESC LIMIT ${first + 1}
        ) AS page
        ORDER BY page.id DESC`;
      const byCustomer = Map.groupBy(await readListed(listed), ({ userId }) => userId);
      return new Map(userIds.map((id) => [id, cutPage(byCustomer.get(id) ?? [], first)]));
    },
  };
};
