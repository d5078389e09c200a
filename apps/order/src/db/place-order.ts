import type { Lease } from '@cartograph/idempotency';
import { sampledTraceparent } from '@cartograph/telemetry';
import { EXPIRY_GRACE_MS } from '../domain/order-times.ts';
import type { DeliveryAddress } from '../domain/delivery-address.ts';
import type { NewOrder } from '../domain/order.ts';
import { insertHistory } from './history.ts';
import { isHeld } from './is-held.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { insertEvent } from './outbox.ts';

/** What the statement did: the number of the order, and whether the response was stored. */
type Placed = { readonly number: number; readonly isResponseSaved: boolean };

/** Inserts the address of the order whose id the CTE `changed` returns. */
const insertAddress = ({ postalCode, ...address }: DeliveryAddress): Prisma.Sql => Prisma.sql`
  INSERT INTO order_addresses (order_id, name, line1, line2, postal_code, city, region, country)
  SELECT changed.id, given.name, given.line1, given.line2, given.postal_code, given.city,
    given.region, given.country
  FROM changed, jsonb_to_record(${JSON.stringify({ ...address, postal_code: postalCode })}::jsonb)
    AS given (name text, line1 text, line2 text, postal_code text, city text, region text, country text)`;

/**
 * Stores an order with its items, history and event. It is due when it expires. The lock on the row of
 * its hold decides between this request and the sweep of abandoned holds.
 * @param address is stored in a table of its own, so that events and stored responses do not have it
 * @param lease of the request's idempotency key, under which the order is stored as the response
 * @returns null when its hold was abandoned, or an order was made of it before
 */
export const placeOrder = async (
  database: Database,
  { items, total, ...order }: NewOrder,
  address: DeliveryAddress | null,
  lease: Lease | null,
): Promise<Placed | null> => {
  const created = { ...order, status: 'PENDING', items, total, cancellation: null } as const;
  const lines = items.map(({ unitPrice, ...item }, position) => ({
    product_id: item.productId,
    sku: item.sku,
    name: item.name,
    quantity: item.quantity,
    position,
    price_cents: unitPrice.amount,
  }));
  const line = {
    type: 'CREATED',
    fromStatus: null,
    toStatus: 'PENDING',
    actor: { kind: 'CUSTOMER', id: order.userId },
  } as const;
  const [placed] = await database.run<Placed>(Prisma.sql`/* order.place */
    WITH hold AS (
      UPDATE stock_holds SET placed_at = clock_timestamp()
      WHERE order_id = ${order.id}::uuid AND abandoned_at IS NULL AND placed_at IS NULL
      RETURNING order_id
    ), changed AS (
      INSERT INTO orders (id, user_id, status, total_cents, currency, reserved_until, created_at,
        updated_at, due_at, due_trace)
      SELECT hold.order_id, ${order.userId}::uuid, 'PENDING', ${total.amount}::bigint,
        ${total.currency}, ${order.reservedUntil}::timestamptz, ${order.createdAt}::timestamptz,
        ${order.updatedAt}::timestamptz,
        ${order.reservedUntil}::timestamptz + make_interval(secs => ${EXPIRY_GRACE_MS / 1_000}::float8),
        ${sampledTraceparent()}::text
      FROM hold
      RETURNING id, number
    ), lines AS (
      INSERT INTO order_items (order_id, position, product_id, sku, name, quantity, price_cents)
      SELECT changed.id, line.position, line.product_id, line.sku, line.name, line.quantity,
        line.price_cents
      FROM changed, jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS line (
        position int, product_id uuid, sku text, name text, quantity int, price_cents bigint
      )
    )${
      address
        ? Prisma.sql`, address AS (${insertAddress(address)}
    )`
        : Prisma.empty
    }, history AS (${insertHistory(order.createdAt, [line])}
    ), event AS (${insertEvent(created)}
    ), saved AS (
      UPDATE idempotency_keys
      SET response = ${JSON.stringify(created)}::jsonb || jsonb_build_object('number', changed.number)
      FROM changed WHERE ${isHeld(lease)} RETURNING key
    )
    SELECT changed.number, EXISTS (SELECT 1 FROM saved) AS "isResponseSaved" FROM changed`);
  return placed ?? null;
};
