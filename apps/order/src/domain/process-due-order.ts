import { readOutcome } from './complete-order.ts';
import type { InventoryClient } from './inventory-client.ts';
import { effectOf, nextStep, type OrderState } from './next-step.ts';
import { SYSTEM } from './order-event.ts';
import type { OrderStore } from './order-store.ts';
import { attemptOf, type PaymentClient } from './payment-client.ts';

/**
 * Does the next step of an order that is due: one call to another service at most, and one write,
 * which makes the order due for the step after it. May be repeated, also concurrently.
 * @returns when the order is due next unless the step itself has set that; null when nothing is left
 * @throws when the step failed
 */
export type ProcessDueOrder = (orderId: string) => Promise<Date | null>;

/** The step after this one is due immediately. */
const NO_HEAD_START_MS = 0;

/** Makes the processing of due orders: what requests left undone, and what must happen later. */
export const makeProcessDueOrder = (deps: {
  store: OrderStore;
  inventory: InventoryClient;
  payments: PaymentClient;
}): ProcessDueOrder => {
  const { store, inventory, payments } = deps;

  const settleStock = async ({ order }: OrderState): Promise<void> => {
    if (order.status === 'CANCELLED') await inventory.release(order.id);
    else if ((await inventory.commit(order.id)) === 'GONE') {
      await store.cancelOrder(order, 'OUT_OF_STOCK', { actor: SYSTEM }, NO_HEAD_START_MS);
      return;
    }
    await store.recordSettled(order, null);
  };

  const refund = async ({ order }: OrderState): Promise<void> => {
    const { cancellation } = order;
    if (!cancellation) throw new Error('refund requested for an order that is not cancelled');
    const { orderId, attempt } = attemptOf(order);
    await payments.refund({ orderId, attempt, reason: cancellation.reason });
    await store.recordRefunded(order.id);
  };

  /** @returns when to check again; undefined when the outcome is stored */
  const checkPayment = async (state: OrderState): Promise<Date | undefined> => {
    const { order } = state;
    const effect = effectOf(state, await readOutcome(payments, state));
    switch (effect.effect) {
      case 'CONFIRM':
        await store.confirmOrder(order, { actor: SYSTEM, ...effect.payment }, NO_HEAD_START_MS);
        return undefined;
      case 'CANCEL': {
        const cause = { actor: SYSTEM, ...effect.payment };
        await store.cancelOrder(order, effect.reason, cause, NO_HEAD_START_MS);
        return undefined;
      }
      case 'OWE_REFUND':
        await store.oweRefund(order);
        return undefined;
      case 'RECORD_OUTCOME':
        await store.recordOutcome(order.id, effect.outcome);
        return undefined;
      case 'WAIT':
        return effect.until;
    }
  };

  const expire = async ({ order }: OrderState): Promise<void> => {
    await store.cancelOrder(order, 'EXPIRED', { actor: SYSTEM }, NO_HEAD_START_MS);
  };

  return async (orderId) => {
    const state = await store.findState(orderId);
    const next = state && nextStep(state);
    if (!next) return null;
    switch (next.step) {
      case 'WAIT':
        return next.until;
      case 'CHECK_PAYMENT': {
        const until = await checkPayment(state);
        if (until) return until;
        break;
      }
      case 'SETTLE_STOCK':
        await settleStock(state);
        break;
      case 'REFUND':
        await refund(state);
        break;
      case 'EXPIRE':
        await expire(state);
    }
    // When the write found the order in another state, it is due for its next step now.
    return state.now;
  };
};
