import { FIRST_ATTEMPT, type PaymentClient, type PaymentOutcome } from './payment-client.ts';
import { SYSTEM } from './order-event.ts';
import type { Cause, OrderStore } from './order-store.ts';
import type { InventoryClient } from './inventory-client.ts';
import type { Destination, Order } from './order.ts';
import { EXPIRY_GRACE_MS, expiryOf, nextPoll, PAYMENT_TIMEOUT_MS } from './order-times.ts';

/** Confirms or cancels orders, for any cause. */
export type OrderCompletion = {
  /**
   * Applies the outcome of a payment: the one place where an order becomes paid. A payment of an order
   * that was cancelled is refunded.
   * @param cause the system if not given
   */
  readonly complete: (
    order: Order,
    outcome: PaymentOutcome,
    cause?: Omit<Cause, 'paymentResult'>,
  ) => Promise<Order>;
  /**
   * Moves an order if the transition is allowed, then settles its stock; if that fails, the stored job
   * does it. @returns the order as it is then
   */
  readonly move: (orderId: string, to: Destination, cause: Cause) => Promise<Order>;
  /** Makes the order's stock follow its status: sold or released. May be repeated. */
  readonly settle: (orderId: string) => Promise<void>;
  /** Checks the payment of a pending order, and whether it has expired, and acts on the result. */
  readonly resolve: (orderId: string) => Promise<Order>;
  /** Refunds an attempt in full. May be repeated. */
  readonly refund: (orderId: string, attempt: number) => Promise<void>;
};

/**
 * Makes the completion of orders. A crash may come after any line: the job that was stored with the
 * change does the rest.
 * @param onSettleDeferred receives the error when stock could not be settled; a job retries it
 */
export const makeOrderCompletion = (deps: {
  store: OrderStore;
  inventory: InventoryClient;
  payments: PaymentClient;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): OrderCompletion => {
  const { store, inventory, payments } = deps;

  const getOrder = async (orderId: string): Promise<Order> => {
    const [order] = await store.findOrders([orderId]);
    if (!order) throw new Error('a stored order is gone');
    return order;
  };

  const settleOrder = async (order: Order): Promise<Order> => {
    if (order.status === 'PENDING') return order;
    if (order.status === 'CANCELLED') await inventory.release(order.id);
    else if ((await inventory.commit(order.id)) === 'GONE') {
      // The reservation was released and its stock sold to others before the payment succeeded.
      return move(order.id, { status: 'CANCELLED', reason: 'OUT_OF_STOCK' }, { actor: SYSTEM });
    }
    await store.recordSettled(order);
    return order;
  };

  const move: OrderCompletion['move'] = async (orderId, to, cause) => {
    const moved = await store.moveOrder(orderId, to, cause);
    // Another request or job moved it first.
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
      // A refunded payment does not pay the order.
      case 'REFUNDED':
      case 'FAILED':
        return move(
          order.id,
          { status: 'CANCELLED', reason: 'PAYMENT_FAILED' },
          {
            ...cause,
            paymentResult: outcome.status === 'FAILED' ? outcome.reason : outcome.status,
          },
        );
      case 'SUCCEEDED': {
        const paymentResult = outcome.status;
        const end = await move(order.id, { status: 'CONFIRMED' }, { ...cause, paymentResult });
        if (end.status === 'CANCELLED') await store.requestRefund(order.id, FIRST_ATTEMPT);
        return end;
      }
    }
  };

  /** Cancels a pending order `graceMs` after its time to pay. */
  const expire = async (order: Order, graceMs: number): Promise<Order> =>
    order.status === 'PENDING' && order.reservedUntil.getTime() + graceMs <= Date.now()
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
      const outcome = await payments.findOutcome(orderId, FIRST_ATTEMPT);
      if (!outcome) {
        const left = await expire(order, EXPIRY_GRACE_MS);
        // This check ran too early, perhaps by another clock: schedule it again.
        if (left.status === 'PENDING') await store.schedulePoll(orderId, expiryOf(left));
        return left;
      }
      if (outcome.status !== 'PROCESSING') return complete(order, outcome);
      // A pending payment may still succeed: then it confirms the order, or is refunded.
      const waiting = await expire(order, PAYMENT_TIMEOUT_MS);
      await store.schedulePoll(orderId, nextPoll(waiting, new Date()));
      return waiting;
    },
    refund: async (orderId, attempt) => {
      const { cancellation } = await getOrder(orderId);
      if (!cancellation) throw new Error('an order that was not cancelled is not refunded');
      await payments.refund({ orderId, attempt, reason: cancellation.reason });
    },
  };
};
