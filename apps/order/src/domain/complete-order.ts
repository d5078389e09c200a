import type { ResponseSlot } from '@cartograph/idempotency';
import type { InventoryClient } from './inventory-client.ts';
import { effectOf, mustClosePayment, type OrderState } from './next-step.ts';
import { SYSTEM } from './order-event.ts';
import type { Cause, OrderStore } from './order-store.ts';
import { HEAD_START_MS } from './order-times.ts';
import type { CancellationReason, Order } from './order.ts';
import { attemptOf, type PaymentClient, type PaymentOutcome } from './payment-client.ts';

/** A response that is stored together with the end of its order. */
export type Reply = {
  /** Null when the response is not stored. */
  readonly slot: ResponseSlot | null;
  readonly toResponse: (order: Order) => unknown;
};

/** Confirms or cancels orders for requests, and settles their stock immediately. */
export type OrderCompletion = {
  /**
   * Applies the outcome of a payment: the one place where a request makes an order paid. A payment of
   * an order that was cancelled is refunded.
   * @param outcome null when there is no payment
   * @param options.cause the system if not given
   */
  readonly complete: (
    state: Pick<OrderState, 'order' | 'now'>,
    outcome: PaymentOutcome | null,
    options?: { readonly cause?: Pick<Cause, 'actor' | 'note'>; readonly reply?: Reply },
  ) => Promise<Order>;
  /** Cancels an order if the transition is allowed. @returns the order as it is then */
  readonly cancel: (
    order: Order,
    reason: CancellationReason,
    cause: Cause,
    reply?: Reply,
  ) => Promise<Order>;
  /**
   * Reads the payment of an order, and whether it has expired, and acts on the result.
   * @returns null when there is no such order
   */
  readonly resolve: (orderId: string) => Promise<Order | null>;
};

/**
 * Makes the completion of orders. A crash may come after any line: each statement leaves the order due
 * for its next step, and a sweeper does it (process-due-order.ts).
 * @param onSettleDeferred receives the error when stock could not be settled; a sweeper retries it
 */
export const makeOrderCompletion = (deps: {
  store: OrderStore;
  inventory: InventoryClient;
  payments: PaymentClient;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): OrderCompletion => {
  const { store, inventory, payments } = deps;

  const getState = async (orderId: string): Promise<OrderState> => {
    const state = await store.findState(orderId);
    if (!state) throw new Error('a stored order is gone');
    return state;
  };

  const recordSettled = async (order: Order, reply: Reply | undefined): Promise<void> => {
    const keyed = reply?.slot
      ? { lease: reply.slot.lease, response: reply.toResponse(order) }
      : null;
    if (await store.recordSettled(order, keyed)) reply?.slot?.markSaved();
  };

  const settleOrder = async (order: Order, reply: Reply | undefined): Promise<Order> => {
    if (order.status === 'CANCELLED') await inventory.release(order.id);
    else if ((await inventory.commit(order.id)) === 'GONE') {
      // The reservation was released and its stock sold to others before the payment succeeded.
      return cancel(order, 'OUT_OF_STOCK', { actor: SYSTEM }, reply);
    }
    await recordSettled(order, reply);
    return order;
  };

  /** Settles the stock of an order that was just moved. */
  const settleOrDefer = (order: Order, reply: Reply | undefined): Promise<Order> =>
    settleOrder(order, reply).catch((error: unknown) => {
      deps.onSettleDeferred(order.id, error);
      return order;
    });

  const cancel: OrderCompletion['cancel'] = async (order, reason, cause, reply) => {
    const cancelled = await store.cancelOrder(order, reason, cause, HEAD_START_MS);
    // Another request or a sweeper may have moved it first.
    return cancelled ? settleOrDefer(cancelled, reply) : (await getState(order.id)).order;
  };

  const confirm = async (
    order: Order,
    cause: Parameters<OrderStore['confirmOrder']>[1],
    reply: Reply | undefined,
  ): Promise<Order> => {
    const confirmed = await store.confirmOrder(order, cause, HEAD_START_MS);
    if (confirmed) return settleOrDefer(confirmed, reply);
    const { order: current } = await getState(order.id);
    if (current.status === 'CANCELLED') await store.oweRefund(current);
    return current;
  };

  const complete: OrderCompletion['complete'] = async (
    state,
    outcome,
    { cause = { actor: SYSTEM }, reply } = {},
  ) => {
    const { order } = state;
    const effect = effectOf(state, outcome);
    switch (effect.effect) {
      case 'CONFIRM':
        return confirm(order, { ...cause, ...effect.payment }, reply);
      case 'CANCEL':
        return cancel(order, effect.reason, { ...cause, ...effect.payment }, reply);
      case 'OWE_REFUND':
        await store.oweRefund(order);
        return order;
      case 'RECORD_OUTCOME':
        await store.recordOutcome(order.id, effect.outcome);
        return order;
      case 'WAIT':
        return order;
    }
  };

  return {
    complete,
    cancel,
    resolve: async (orderId) => {
      const state = await store.findState(orderId);
      if (state === null || state.order.status === 'CONFIRMED') return state?.order ?? null;
      return complete(state, await readOutcome(payments, state));
    },
  };
};

/** Reads the payment of an order, and closes its attempt when there is none and none may come. */
export const readOutcome = (
  payments: PaymentClient,
  state: OrderState,
): Promise<PaymentOutcome | null> => {
  const attempt = attemptOf(state.order);
  return mustClosePayment(state)
    ? payments.close(attempt)
    : payments.findOutcome(attempt.orderId, attempt.attempt);
};
