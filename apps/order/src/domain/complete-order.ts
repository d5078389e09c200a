import { FIRST_ATTEMPT, type Cashier, type PaymentOutcome } from './cashier.ts';
import { SYSTEM } from './order-event.ts';
import type { Cause, OrderStore } from './order-store.ts';
import type { Order } from './order.ts';
import type { StockKeeper } from './stock-keeper.ts';
import type { Destination } from './transitions.ts';
import { EXPIRY_GRACE_MS, expiryOf, nextLook, PAYMENT_PATIENCE_MS } from './order-times.ts';

/** How the end of an order comes about, whichever way it comes. */
export type OrderCompletion = {
  /**
   * Writes what a payment decided: the one place where an order becomes paid. Money that comes for
   * an order that ended otherwise goes back.
   * @param cause who else than the shop made this happen
   */
  readonly complete: (
    order: Order,
    outcome: PaymentOutcome,
    cause?: Omit<Cause, 'decision'>,
  ) => Promise<Order>;
  /**
   * Moves an order if its status allows it, then its stock: at once if it can be, by the stored job
   * if not. @returns the order as it is then, whoever ended it
   */
  readonly move: (orderId: string, to: Destination, cause: Cause) => Promise<Order>;
  /** Makes the order's stock follow its status: sold or given back. May be repeated. */
  readonly settle: (orderId: string) => Promise<void>;
  /** Finds out what became of an order that waits: paid, declined, expired, or still waiting. */
  readonly resolve: (orderId: string) => Promise<Order>;
  /** Gives back what an attempt took. May be repeated. */
  readonly refund: (orderId: string, attempt: number) => Promise<void>;
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

  const settleOrder = async (order: Order): Promise<Order> => {
    if (order.status === 'PENDING') return order;
    if (order.status === 'CANCELLED') await stock.release(order.id);
    else if ((await stock.commit(order.id)) === 'GONE') {
      // It was given up and sold to others before the money came: the order can't be kept.
      return move(order.id, { status: 'CANCELLED', reason: 'OUT_OF_STOCK' }, { actor: SYSTEM });
    }
    await store.noteSettled(order);
    return order;
  };

  const move: OrderCompletion['move'] = async (orderId, to, cause) => {
    const moved = await store.moveOrder(orderId, to, cause);
    // Somebody else ended it first: what they wrote stands.
    if (!moved) return getOrder(orderId);
    return settleOrder(moved).catch((error: unknown) => {
      deps.onSettleDeferred(orderId, error);
      return moved;
    });
  };

  const complete: OrderCompletion['complete'] = async (
    order,
    outcome,
    cause = { actor: SYSTEM },
  ) => {
    switch (outcome.status) {
      case 'PROCESSING':
        return order;
      // What was given back was never this order's to keep.
      case 'REFUNDED':
      case 'FAILED':
        return move(
          order.id,
          { status: 'CANCELLED', reason: 'PAYMENT_FAILED' },
          { ...cause, decision: outcome.status === 'FAILED' ? outcome.reason : outcome.status },
        );
      case 'SUCCEEDED': {
        const decision = outcome.status;
        const end = await move(order.id, { status: 'CONFIRMED' }, { ...cause, decision });
        if (end.status === 'CANCELLED') await store.requestRefund(order.id, FIRST_ATTEMPT);
        return end;
      }
    }
  };

  /** An order that waits and whose payment is not decided: its time may be over. */
  const expire = async (order: Order, patienceMs: number): Promise<Order> =>
    order.status === 'PENDING' && order.reservedUntil.getTime() + patienceMs <= Date.now()
      ? move(order.id, { status: 'CANCELLED', reason: 'EXPIRED' }, { actor: SYSTEM })
      : order;

  return {
    complete,
    move,
    settle: async (orderId) => {
      await settleOrder(await getOrder(orderId));
    },
    resolve: async (orderId) => {
      const order = await getOrder(orderId);
      if (order.status === 'CONFIRMED') return order;
      const outcome = await cashier.findOutcome(orderId, FIRST_ATTEMPT);
      if (!outcome) {
        const left = await expire(order, EXPIRY_GRACE_MS);
        // Asked before its time, if only by another clock than ours: it is not forgotten for that.
        if (left.status === 'PENDING') await store.planResolve(orderId, expiryOf(left));
        return left;
      }
      if (outcome.status !== 'PROCESSING') return complete(order, outcome);
      // Money first: what may still be paid waits, and what ended may still have to be paid back.
      const waiting = await expire(order, PAYMENT_PATIENCE_MS);
      await store.planResolve(orderId, nextLook(waiting, new Date()));
      return waiting;
    },
    refund: async (orderId, attempt) => {
      const { cancellation } = await getOrder(orderId);
      if (!cancellation) throw new Error('an order that was not cancelled keeps its money');
      await cashier.refund({ orderId, attempt, reason: cancellation.reason });
    },
  };
};
