import type { Sandbox } from './open-sandbox.ts';

type Databases = Pick<Sandbox, 'databases'>;

/** One order in the records of the order, product and payment service and of the provider. */
export type OrderEntry = {
  readonly id: string;
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  readonly reason: string | null;
  /** Amounts are in minor units. */
  readonly total: number;
  readonly hold: 'HELD' | 'COMMITTED' | 'RELEASED' | null;
  readonly payment: {
    readonly status: string;
    readonly captured: number;
    readonly refunded: number;
    /** In refunds that are in progress. */
    readonly refunding: number;
    readonly refundedByAdmin: number;
  } | null;
  /** What the provider captured less what it refunded. */
  readonly taken: number;
  /** How often the provider was charged. */
  readonly charges: number;
};

type OrderRow = Pick<OrderEntry, 'id' | 'status' | 'reason' | 'total'>;
type HoldRow = { readonly id: string; readonly hold: OrderEntry['hold'] };
type PaymentRow = { readonly id: string; readonly payment: NonNullable<OrderEntry['payment']> };
type ChargeRow = Pick<OrderEntry, 'id' | 'taken' | 'charges'>;

/** Reads the orders of these ids, in that order, or all orders of a customer. */
export const readOrders = async (
  { databases: { order, product, payment } }: Databases,
  of: { readonly ids: readonly string[] } | { readonly customerId: string },
): Promise<OrderEntry[]> => {
  const wanted = 'ids' in of ? of.ids : null;
  const orders = await order.query<OrderRow>(
    `SELECT id::text, status::text, cancel_reason::text AS reason, total_cents::int AS total
     FROM orders WHERE id = ANY($1::uuid[]) OR user_id = $2::uuid`,
    [wanted, 'ids' in of ? null : of.customerId],
  );
  const ids = wanted ?? orders.map(({ id }) => id);
  const [holds, payments, charges] = await Promise.all([
    product.query<HoldRow>(
      `SELECT order_id::text AS id, status::text AS hold FROM reservations
       WHERE order_id = ANY($1::uuid[])`,
      [ids],
    ),
    payment.query<PaymentRow>(
      `SELECT order_id::text AS id, json_build_object('status', status,
         'captured', CASE WHEN captured_at IS NULL THEN 0 ELSE amount_cents END,
         'refunded', refunded_cents,
         'refunding', refunding_cents - refunded_cents, 'refundedByAdmin', (
           SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE payment_id = payments.id
           AND status = 'SUCCEEDED' AND requested_by NOT IN ('order', 'payment')
         )) AS payment
       FROM payments WHERE order_id = ANY($1::uuid[])
         AND failure_code IS DISTINCT FROM 'not_started'`,
      [ids],
    ),
    payment.query<ChargeRow>(
      `SELECT split_part(idempotency_key, ':', 1) AS id, count(*)::int AS charges,
         sum(CASE WHEN succeeds_at <= now() THEN amount_cents ELSE 0 END - (
           SELECT coalesce(sum(refund.amount_cents), 0) FROM simulator_refunds AS refund
           WHERE charge_reference = simulator_charges.reference AND refund.failure_code IS NULL
         ))::int AS taken
       FROM simulator_charges WHERE split_part(idempotency_key, ':', 1) = ANY($1::text[])
       GROUP BY 1`,
      [ids],
    ),
  ]);
  const find = <Row extends { readonly id: string }>(rows: readonly Row[], id: string) =>
    rows.find((row) => row.id === id);
  return ids.map((id) => {
    const row = find(orders, id);
    if (!row) throw new Error(`there is no order ${id}`);
    const { taken = 0, charges: count = 0 } = find(charges, id) ?? {};
    return {
      ...row,
      hold: find(holds, id)?.hold ?? null,
      payment: find(payments, id)?.payment ?? null,
      taken,
      charges: count,
    };
  });
};

/** The units of one product, and the sums of its stock movements. */
export type ProductEntry = {
  readonly id: string;
  readonly isArchived: boolean;
  readonly stock: number;
  /** Reserved by orders that are not paid. */
  readonly held: number;
  readonly sold: number;
  readonly movedStock: number;
  readonly movedHeld: number;
};

/** Reads products in the order of their ids; all products when no ids are given. */
export const readProducts = (
  { databases }: Databases,
  ids: readonly string[] | null = null,
): Promise<ProductEntry[]> =>
  databases.product.query<ProductEntry>(
    `WITH moved AS (
       SELECT product_id, sum(stock_delta)::int AS stock, sum(held_delta)::int AS held
       FROM stock_movements WHERE $1::uuid[] IS NULL OR product_id = ANY($1) GROUP BY 1
     ), reserved AS (
       SELECT product_id, (sum(quantity) FILTER (WHERE status = 'HELD'))::int AS held,
         (sum(quantity) FILTER (WHERE status = 'COMMITTED'))::int AS sold
       FROM reservation_lines JOIN reservations USING (order_id)
       WHERE $1::uuid[] IS NULL OR product_id = ANY($1) GROUP BY 1
     )
     SELECT id::text, archived_at IS NOT NULL AS "isArchived", products.stock,
       coalesce(reserved.held, 0) AS held, coalesce(sold, 0) AS sold,
       coalesce(moved.stock, 0) AS "movedStock", coalesce(moved.held, 0) AS "movedHeld"
     FROM products LEFT JOIN moved ON moved.product_id = id
     LEFT JOIN reserved ON reserved.product_id = id
     WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY id`,
    [ids],
  );

/** Compares products with their stock movements. @returns one sentence for each difference */
export const findImbalances = (products: readonly ProductEntry[]): string[] =>
  products
    .filter(
      ({ stock, held, movedStock, movedHeld }) =>
        stock < 0 || stock !== movedStock || held !== movedHeld,
    )
    .map(
      ({ stock, held, movedStock, movedHeld }) =>
        `stock ${stock} and ${held} held, but stock movements add up to ${movedStock} and ${movedHeld}`,
    );

/** How many holds of these products belong to none of these orders. */
export const countOrphanedHolds = async (
  { databases }: Sandbox,
  products: readonly string[],
  orders: readonly string[],
): Promise<number> => {
  const [row] = await databases.product.query<{ count: number }>(
    `SELECT count(DISTINCT order_id)::int AS count
     FROM reservations JOIN reservation_lines USING (order_id)
     WHERE product_id = ANY($1::uuid[]) AND status = 'HELD' AND NOT order_id = ANY($2::uuid[])`,
    [products, orders],
  );
  return row?.count ?? 0;
};
