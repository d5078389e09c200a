import { isProblem } from '@cartograph/errors';
import type { Cashier, PaymentOutcome } from './cashier.ts';
import type { OrderStore } from './order-store.ts';
import type { Order } from './order.ts';
import type { StockKeeper } from './stock-keeper.ts';

/**
 * A payment that was begun in time has this long to be decided before the order expires: longer
 * than any call to the payment service may take.
 */
export const EXPIRY_GRACE_MS = 30_000;

/** An order is paid in one attempt: one that is declined ends it. */
export const FIRST_ATTEMPT = 1;

/** How the end of an order comes about, whichever way it comes. */
export type OrderCompletion = {
  /** Writes what a payment decided. The one place where an order becomes paid. */
  readonly complete: (order: Order, outcome: PaymentOutcome) => Promise<Order>;
  /** Makes the order's stock follow its status: sold or given back. May be repeated. */
  readonly settle: (orderId: string) => Promise<void>;
  /** Finds out what became of an order that waits: paid, declined, expired, or still waiting. */
  readonly resolve: (orderId: string) => Promise<void>;
};

/**
 * Makes the completion of orders. Each step can be cut off after any line: the job that was stored
 * with the change does the rest.
 * @param onSettleDeferred is told when stock could not follow at once; a job will see to it
 */
export const makeOrderCompletion = (deps: {
  store: OrderStore;
  stock: StockKeeper;
  cashier: Cashier;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): OrderCompletion => {
  const { store, stock, cashier } = deps;

  const getOrder = async (orderId: string): Promise<Order> => {
    const [order] = await store.findOrders([orderId]);
    if (!order) throw new Error('a stored order is gone');
    return order;
  };

  const settle = async (orderId: string): Promise<void> => {
    const order = await getOrder(orderId);
    if (order.status === 'CONFIRMED') await stock.commit(orderId);
    if (order.status === 'CANCELLED') await stock.release(orderId);
  };

  /** Moves the order, then its stock: at once if it can be, by the stored job if not. */
  const move = async (
    orderId: string,
    to: Parameters<OrderStore['moveOrder']>[1],
  ): Promise<Order> => {
    const moved = await store.moveOrder(orderId, to);
    // Somebody else ended it first: what they wrote stands.
    if (!moved) return getOrder(orderId);
    await settle(orderId).catch((error: unknown) => deps.onSettleDeferred(orderId, error));
    return moved;
  };

  const complete: OrderCompletion['complete'] = async (order, outcome) => {
    switch (outcome.status) {
      case 'SUCCEEDED':
        return move(order.id, { status: 'CONFIRMED' });
      case 'FAILED':
        return move(order.id, { status: 'CANCELLED', reason: 'PAYMENT_FAILED' });
      case 'PROCESSING':
        return order;
    }
  };

  /** Asks for a payment that was begun and not decided: the same attempt is the same charge. */
  const chargeAgain = async ({ id, userId, total }: Order): Promise<PaymentOutcome> => {
    const outcome = await cashier.charge({
      orderId: id,
      attempt: FIRST_ATTEMPT,
      userId,
      amount: total,
      method: null,
    });
    if (isProblem(outcome) || outcome.status === 'PROCESSING') {
      throw new Error('the payment is not decided yet');
    }
    return outcome;
  };

  return {
    complete,
    settle,
    resolve: async (orderId) => {
      const order = await getOrder(orderId);
      if (order.status !== 'PENDING') return;
      let outcome = await cashier.findOutcome(orderId, FIRST_ATTEMPT);
      if (outcome?.status === 'PROCESSING') outcome = await chargeAgain(order);
      if (outcome) await complete(order, outcome);
      else if (order.reservedUntil.getTime() + EXPIRY_GRACE_MS <= Date.now()) {
        await move(orderId, { status: 'CANCELLED', reason: 'EXPIRED' });
      }
    },
  };
};
