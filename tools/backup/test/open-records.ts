import { randomUUID } from 'node:crypto';
import { makeTestDatabase } from '@cartograph/testing';
import pg from 'pg';

const open = async (service: string) => {
  const database = await makeTestDatabase(service);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const close = async (): Promise<void> => {
    await client.end();
    await database.drop();
  };
  return { client, query: database.query, close };
};

/** What a row is about, and how long ago it changed, in seconds. */
type Row = { readonly orderId: string; readonly age: number };

/**
 * Opens the databases that are compared, and functions that insert rows of an order of 10 euros: two
 * units of a product.
 */
export const openRecords = async () => {
  const [order, payment, product] = await Promise.all([
    open('order'),
    open('payment'),
    open('product'),
  ]);

  /** A captured payment, unless that is said. */
  const addPayment = ({ orderId, age }: Row, isCaptured = true) =>
    payment.query(
      `INSERT INTO payments (id, order_id, attempt, user_id, status, amount_cents, currency, provider,
         method, captured_at, created_at, updated_at, due_at)
       SELECT gen_random_uuid(), $1, 1, gen_random_uuid(), 'PROCESSING', 1000, 'EUR', 'simulator',
         'sim_success', CASE WHEN $3 THEN at END, at, at, now()
       FROM (SELECT now() - make_interval(secs => $2) AS at) AS changed`,
      [orderId, age, isCaptured],
    );

  /** A reservation whose stock was sold. @param price of each unit, in minor units */
  const addReservation = async ({ orderId, age }: Row, price = 500): Promise<void> => {
    const productId = randomUUID();
    await product.query(
      `INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
         created_at, updated_at)
       VALUES ($1::uuid, $1::text, 'Lamp', '', 'lamps', 500, 'EUR', 10, now(), now())`,
      [productId],
    );
    await product.query(
      `INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at)
       SELECT $1, 'COMMITTED', at, at, at
       FROM (SELECT now() - make_interval(secs => $2) AS at) AS changed`,
      [orderId, age],
    );
    await product.query(
      `INSERT INTO reservation_lines (order_id, product_id, quantity, sku, name, price_cents, currency)
       VALUES ($1, $2::uuid, 2, $2::text, 'Lamp', $3, 'EUR')`,
      [orderId, productId, price],
    );
  };

  return {
    clients: { order: order.client, payment: payment.client, product: product.client },
    /** Runs SQL on the orders. */
    queryOrders: order.query,
    addPayment,
    addReservation,
    close: async (): Promise<void> => {
      await Promise.all([order.close(), payment.close(), product.close()]);
    },
  };
};
