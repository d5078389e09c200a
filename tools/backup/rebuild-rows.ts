import type { ClientBase } from 'pg';
import { v7 as makeId } from 'uuid';
import type { Clients } from './records.ts';

/** As the payment service has it for an attempt whose method is not known. */
const NO_METHOD = 'none';

type StartedOrder = {
  readonly id: string;
  readonly userId: string;
  readonly total: string;
  readonly currency: string;
  readonly startedAt: Date;
};

/** The provider of new payments; null when there has never been one. */
const findProvider = async (payment: ClientBase): Promise<string | null> => {
  const { rows } = await payment.query<{ provider: string }>(
    'SELECT provider FROM payments ORDER BY id DESC LIMIT 1',
  );
  return rows[0]?.provider ?? null;
};

/**
 * Inserts the payments that orders started, as pending and due: the payment service then asks its
 * provider under the key of the attempt, and stores what that knows. Without the method of the customer
 * nothing can be charged anew.
 * @returns the ids of the orders that have a payment now
 */
export const insertPayments = async (
  { order, payment }: Clients,
  orderIds: readonly string[],
): Promise<readonly string[]> => {
  const provider = await findProvider(payment);
  if (provider === null) return [];
  const { rows } = await order.query<StartedOrder>(
    `SELECT id::text, user_id::text AS "userId", total_cents::text AS total, currency,
       payment_started_at AS "startedAt"
     FROM orders WHERE id = ANY($1::uuid[]) AND payment_started_at IS NOT NULL`,
    [orderIds],
  );
  for (const { id, userId, total, currency, startedAt } of rows) {
    await payment.query(
      `INSERT INTO payments (id, order_id, attempt, user_id, status, amount_cents, currency,
         provider, method, created_at, updated_at, due_at)
       VALUES ($1, $2, 1, $3, 'PROCESSING', $4, $5, $6, $7, $8, now(), now())
       ON CONFLICT (order_id, attempt) DO NOTHING`,
      [makeId(), id, userId, total, currency, provider, NO_METHOD, startedAt],
    );
  }
  return rows.map(({ id }) => id);
};

type LineRow = {
  readonly productId: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly cents: string;
  readonly currency: string;
};

const readItems = async (order: ClientBase, orderId: string): Promise<readonly LineRow[]> => {
  const { rows } = await order.query<LineRow>(
    `SELECT product_id::text AS "productId", sum(quantity)::int AS quantity, min(sku) AS sku,
       min(name) AS name, min(price_cents)::text AS cents, min(currency) AS currency
     FROM order_items JOIN orders ON orders.id = order_id WHERE order_id = $1 GROUP BY product_id`,
    [orderId],
  );
  return rows;
};

/** Whether the catalogue has all of these products. */
const hasProducts = async (product: ClientBase, lines: readonly LineRow[]): Promise<boolean> => {
  const ids = lines.map(({ productId }) => productId);
  const { rowCount } = await product.query('SELECT FROM products WHERE id = ANY($1::uuid[])', [
    ids,
  ]);
  return rowCount === ids.length;
};

/**
 * Inserts the reservation of an order as released: when the order is paid, its stock is taken, or the
 * order is cancelled and refunded because none is left.
 * @returns whether it has one now; not when the catalogue lacks a product
 */
export const insertReservation = async (
  { order, product }: Clients,
  orderId: string,
): Promise<boolean> => {
  const lines = await readItems(order, orderId);
  if (lines.length === 0 || !(await hasProducts(product, lines))) return false;
  await product.query(
    `WITH made AS (
       INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at)
       VALUES ($1, 'RELEASED', now(), now(), now()) ON CONFLICT (order_id) DO NOTHING
       RETURNING order_id
     )
     INSERT INTO reservation_lines (order_id, product_id, quantity, sku, name, price_cents, currency)
     SELECT order_id, line."productId", quantity, sku, name, cents, currency
     FROM made, jsonb_to_recordset($2::jsonb) AS line("productId" uuid, quantity int, sku text,
       name text, cents bigint, currency text)`,
    [orderId, JSON.stringify(lines)],
  );
  return true;
};

type PaidRow = { userId: string; amount: string; currency: string; createdAt: Date };

/**
 * Inserts an order that was lost, from its payment and its reservation, as pending with a payment that
 * was started: the order service then confirms it. Its number is a new one.
 * @returns whether it is there now; not when the reservation is gone, or about another sum
 */
export const insertOrder = async (
  { order, payment, product }: Clients,
  orderId: string,
): Promise<boolean> => {
  const { rows: payments } = await payment.query<PaidRow>(
    `SELECT user_id::text AS "userId", amount_cents::text AS amount, currency,
       created_at AS "createdAt"
     FROM payments WHERE order_id = $1 AND captured_at IS NOT NULL`,
    [orderId],
  );
  const { rows: lines } = await product.query<LineRow>(
    `SELECT product_id::text AS "productId", quantity, sku, name, price_cents::text AS cents, currency
     FROM reservation_lines WHERE order_id = $1 ORDER BY product_id`,
    [orderId],
  );
  const [paid] = payments;
  const sum = lines.reduce((cents, line) => cents + BigInt(line.cents) * BigInt(line.quantity), 0n);
  if (!paid || lines.length === 0 || sum !== BigInt(paid.amount)) return false;
  await order.query(
    `WITH made AS (
       INSERT INTO orders (id, user_id, total_cents, currency, reserved_until, created_at, updated_at,
         payment_started_at, due_at)
       VALUES ($1, $2, $3, $4, $5, $5, now(), $5, now()) ON CONFLICT (id) DO NOTHING RETURNING id
     ), items AS (
       INSERT INTO order_items (order_id, position, product_id, sku, name, quantity, price_cents)
       SELECT made.id, place - 1, (line->>'productId')::uuid, line->>'sku', line->>'name',
         (line->>'quantity')::int, (line->>'cents')::bigint
       FROM made, jsonb_array_elements($6::jsonb) WITH ORDINALITY AS l(line, place)
     )
     INSERT INTO order_history (order_id, at, event, to_status, actor, actor_id)
     SELECT id, $5, 'CREATED', 'PENDING', 'CUSTOMER', $2 FROM made`,
    [orderId, paid.userId, sum, paid.currency, paid.createdAt, JSON.stringify(lines)],
  );
  return true;
};
