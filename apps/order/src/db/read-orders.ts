import type { OrderEvent } from '../domain/order-event.ts';
import type { OrderAddress } from '../domain/order-store.ts';
import type { Order } from '../domain/order.ts';
import type { Database } from './make-database.ts';
import {
  HISTORY_COLUMNS,
  isKnownEvent,
  ORDER_COLUMNS,
  toKnownOrder,
  toOrderEvent,
  type HistoryRow,
  type OrderRow,
} from './rows.ts';

const FIND = `/* order.find_many */
  SELECT ${ORDER_COLUMNS.text} FROM orders o WHERE o.id = ANY ($1::uuid[])`;

const FIND_BY_NUMBER = `/* order.find_by_number */
  SELECT ${ORDER_COLUMNS.text} FROM orders o WHERE o.number = ANY ($1::int[])`;

const FIND_ADDRESSES = `/* order.find_addresses */
  SELECT order_id AS "orderId", name, line1, line2, postal_code AS "postalCode", city, region, country
  FROM order_addresses WHERE order_id = ANY ($1::uuid[])`;

const FIND_HISTORY = `/* order.find_history */
  SELECT ${HISTORY_COLUMNS} FROM order_history WHERE order_id = ANY ($1::uuid[]) ORDER BY id`;

/**
 * The orders with these ids, in any order.
 * @throws P2023 when one has an enum value that this version does not know
 */
export const findOrders = async (
  database: Database,
  ids: readonly string[],
): Promise<readonly Order[]> =>
  (await database.run<OrderRow>({ text: FIND, values: [ids] })).map(toKnownOrder);

/** As findOrders, by the numbers of orders. */
export const findOrdersByNumber = async (
  database: Database,
  numbers: readonly number[],
): Promise<readonly Order[]> =>
  (await database.run<OrderRow>({ text: FIND_BY_NUMBER, values: [numbers] })).map(toKnownOrder);

/** The addresses of these orders, without those that have none. */
export const findAddresses = (
  database: Database,
  orderIds: readonly string[],
): Promise<readonly OrderAddress[]> => database.run({ text: FIND_ADDRESSES, values: [orderIds] });

/** The history of these orders, oldest first, without lines that this version does not know. */
export const findHistory = async (
  database: Database,
  orderIds: readonly string[],
): Promise<readonly OrderEvent[]> =>
  (await database.run<HistoryRow>({ text: FIND_HISTORY, values: [orderIds] }))
    .filter(isKnownEvent)
    .map(toOrderEvent);
