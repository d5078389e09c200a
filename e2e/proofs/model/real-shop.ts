import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@cartograph/testing';
import type { Person } from '../../sandbox/client.ts';
import { readOrders, readProducts } from '../../sandbox/ledger.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { expireHolds, expireOrders, settleCharges } from '../../sandbox/pass-deadlines.ts';
import { reschedule, type WorkKind } from '../../sandbox/pending-work.ts';
import type { ModelOrder, ShopModel } from './shop-model.ts';

/** Work that may be done at any time without changing the result. */
export const ANY_TIME: readonly WorkKind[] = ['finish order', 'finish payment'];

/** The customers, the administrator and the products of one run. */
export type Participants = {
  readonly customers: readonly Person[];
  readonly admin: Person;
  readonly productIds: readonly string[];
};

/** What the model knows, read from the records of all services. */
const observe = async (sandbox: Sandbox, productIds: readonly string[], ids: readonly string[]) => {
  const [products, orders] = await Promise.all([
    readProducts(sandbox, productIds),
    readOrders(sandbox, { ids }),
  ]);
  return {
    products: productIds.map((id) => {
      const { stock, isArchived } = products.find((one) => one.id === id) ?? {};
      return { stock, isArchived };
    }),
    orders: orders.map(({ status, reason, hold, payment, taken }) => ({
      status,
      reason,
      hold,
      payment: payment && {
        status: payment.status,
        captured: payment.captured,
        refunded: payment.refunded,
      },
      taken,
    })),
  };
};

const expectedOf = (model: ShopModel) => ({
  products: model.products.map(({ stock, isArchived }) => ({ stock, isArchived })),
  orders: model.orders.map(({ status, reason, hold, payment, total }) => {
    const captured = payment?.isCaptured ? total : 0;
    return {
      status,
      reason,
      hold,
      payment: payment && { status: payment.status, captured, refunded: payment.refunded },
      taken: payment?.isCaptured ? total - payment.refunded : 0,
    };
  }),
});

/** What a run does to the real shop besides requests, and how it compares it with the model. */
export const makeRealShop = (sandbox: Sandbox, participants: Participants) => {
  const findPaymentId = async (orderId: string): Promise<string> => {
    const [row] = await sandbox.databases.payment.query<{ id: string }>(
      'SELECT id FROM payments WHERE order_id = $1',
      [orderId],
    );
    return row?.id ?? randomUUID();
  };

  return {
    participants,
    /** The id of an order's payment; of no payment when there is none. */
    findPaymentId,

    /** A product, with the version that a change of it requires. */
    versionOf: ({ products }: ShopModel, index: number) => ({
      id: participants.productIds[index],
      version: products[index]?.version,
    }),

    /**
     * Waits until the shop is in the state of the model.
     * @param push what must be repeated until then
     */
    compare: async (
      model: ShopModel,
      push: () => Promise<void> = async () => {},
    ): Promise<void> => {
      const ids = model.orders.map(({ id }) => id);
      let tries = 0;
      await eventually(async () => {
        if (tries++ % 8 === 1) {
          await reschedule(sandbox, ANY_TIME, 'now');
          await push();
        }
        const actual = await observe(sandbox, participants.productIds, ids);
        deepStrictEqual(actual, expectedOf(model));
      }, 60_000);
    },

    /** The shop checks orders and payments periodically; in a run a command says when. */
    postponeChecks: () => reschedule(sandbox, ['check payment', 'check order'], 'in an hour'),

    expireOrder: ({ id }: ModelOrder) => expireOrders(sandbox, [id], 9 * 60_000),
    checkOrder: ({ id }: ModelOrder) => reschedule(sandbox, ['check order'], 'now', [id]),
    expireHold: ({ id }: ModelOrder) => expireHolds(sandbox, { orders: [id] }),

    /** Settles a charge now, and lets the shop know, by a webhook or by asking the provider. */
    settle: async ({ id, payment }: ModelOrder): Promise<void> => {
      if (payment?.method === 'sim_error_then_success') {
        return reschedule(sandbox, ['check payment'], 'now', [await findPaymentId(id)]);
      }
      await settleCharges(sandbox, id);
      return reschedule(sandbox, ['deliver webhook'], 'now', [id]);
    },
  };
};

export type RealShop = ReturnType<typeof makeRealShop>;
