import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@cartograph/testing';
import { decideAll } from '../shop/decide-charges.ts';
import type { Person, Shop } from '../shop/open-shop.ts';
import type { ShopModel } from './shop-model.ts';

/** The work that the shop may do at any time without changing what must come of it. */
const HARMLESS = ['tell_order', 'request_refund', 'refund_payment', 'settle_order'];

/** The customers, the administrator and the products of one run. */
export type Cast = {
  readonly customers: readonly Person[];
  readonly admin: Person;
  readonly productIds: readonly string[];
};

/** What the shop is told to have done, and what it is watched by. */
export const makeRealShop = (shop: Shop, { productIds }: Cast) => {
  const { order, payment, product } = shop.databases;

  /** All that the model knows, as the shop has it. */
  const observe = async (model: ShopModel) => {
    const ids = model.orders.map(({ id }) => id);
    const [products, orders, payments, charges] = await Promise.all([
      product.query<{ id: string; stock: number; isArchived: boolean }>(
        `SELECT id, stock, archived_at IS NOT NULL AS "isArchived" FROM products
         WHERE id = ANY($1::uuid[])`,
        [productIds],
      ),
      order.query<{ id: string; status: string; reason: string | null }>(
        'SELECT id, status, cancel_reason AS reason FROM orders WHERE id = ANY($1::uuid[])',
        [ids],
      ),
      payment.query<{ id: string; status: string; isCaptured: boolean; refunded: number }>(
        `SELECT order_id AS id, status, captured_at IS NOT NULL AS "isCaptured",
           refunded_cents::int AS refunded FROM payments WHERE order_id = ANY($1::uuid[])`,
        [ids],
      ),
      payment.query<{ id: string; taken: number }>(
        `SELECT split_part(c.idempotency_key, ':', 1) AS id,
           (sum(c.amount_cents) FILTER (WHERE c.succeeds_at <= now())
             - coalesce(sum(r.given), 0))::int AS taken
         FROM simulator_charges c LEFT JOIN (
           SELECT charge_reference, sum(amount_cents) AS given FROM simulator_refunds
           WHERE failure_code IS NULL GROUP BY 1
         ) r ON r.charge_reference = c.reference
         WHERE split_part(c.idempotency_key, ':', 1) = ANY($1) GROUP BY 1`,
        [ids],
      ),
    ]);
    const holds = await product.query<{ id: string; hold: string }>(
      'SELECT order_id AS id, status AS hold FROM reservations WHERE order_id = ANY($1::uuid[])',
      [ids],
    );
    return {
      products: productIds.map((id) => {
        const found = products.find((one) => one.id === id);
        return { stock: found?.stock, isArchived: found?.isArchived };
      }),
      orders: ids.map((id) => {
        const of = <Row extends { id: string }>(rows: readonly Row[]) =>
          rows.find((row) => row.id === id);
        const { status, isCaptured, refunded } = of(payments) ?? {};
        return {
          status: of(orders)?.status,
          reason: of(orders)?.reason ?? null,
          hold: of(holds)?.hold,
          payment: status === undefined ? null : { status, isCaptured, refunded },
          // What the provider says that it holds of the customer's money.
          taken: of(charges)?.taken ?? 0,
        };
      }),
    };
  };

  const expected = (model: ShopModel) => ({
    products: model.products.map(({ stock, isArchived }) => ({ stock, isArchived })),
    orders: model.orders.map(({ status, reason, hold, payment: paid, total }) => ({
      status,
      reason,
      hold,
      payment: paid && {
        status: paid.status,
        isCaptured: paid.isCaptured,
        refunded: paid.refunded,
      },
      taken: paid?.isCaptured ? total - paid.refunded : 0,
    })),
  });

  const findPaymentId = async (orderId: string): Promise<string | null> => {
    const [row] = await payment.query<{ id: string }>(
      'SELECT id FROM payments WHERE order_id = $1',
      [orderId],
    );
    return row?.id ?? null;
  };

  return {
    findPaymentId,

    /**
     * Waits until the shop is as the model has it.
     * @param push what has to be done again until then
     */
    compare: async (
      model: ShopModel,
      push: () => Promise<void> = async () => {},
    ): Promise<void> => {
      let tries = 0;
      await eventually(async () => {
        if (tries++ % 8 === 1) {
          await shop.planJobs(HARMLESS, 'now');
          await push();
        }
        deepStrictEqual(await observe(model), expected(model));
      }, 60_000);
    },

    /** The shop asks by itself after a while; here the run says when. */
    holdQuestions: () => shop.planJobs(['ask_provider', 'resolve_order'], 'in an hour'),

    /** Ends the order's time, long ago. */
    endTime: async (orderId: string): Promise<void> => {
      await order.query(
        "UPDATE orders SET reserved_until = now() - interval '9 minutes' WHERE id = $1",
        [orderId],
      );
    },
    lookAtOrder: (orderId: string) => shop.planJobs(['resolve_order'], 'now', [orderId]),

    endHold: async (orderId: string): Promise<void> => {
      await product.query('UPDATE reservations SET expires_at = now() WHERE order_id = $1', [
        orderId,
      ]);
    },

    /** What the simulator left for later happens now: its webhooks tell. */
    decide: async (orderId: string): Promise<void> => {
      await decideAll(payment, orderId);
      await shop.planJobs(['deliver_webhook'], 'now', [orderId]);
    },
    askProvider: async (orderId: string): Promise<void> =>
      shop.planJobs(['ask_provider'], 'now', [(await findPaymentId(orderId)) ?? randomUUID()]),
  };
};

export type RealShop = ReturnType<typeof makeRealShop>;
