import { createHash } from 'node:crypto';
import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import type { Cashier } from './cashier.ts';
import { FIRST_ATTEMPT, type OrderCompletion } from './complete-order.ts';
import { payOrderInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import type { Order } from './order.ts';

/** A payment whose answer got lost is looked after this long after it was begun. */
const RESOLVE_AFTER_MS = 15_000;

export type PayOrder = (
  userId: string,
  input: z.input<typeof payOrderInput>,
) => Promise<
  | Order
  | Problem<'IDEMPOTENCY_CONFLICT'>
  | Problem<'ORDER_NOT_FOUND'>
  | Problem<'ORDER_NOT_PENDING', { order: Order }>
  | Problem<'PAYMENT_DECLINED', { order: Order; reason: string }>
  | ValidationFailed
>;

/**
 * Makes the use case: take the money once, and end the order by what came of it. The answer
 * follows from what became of the order, so a repeat gets the answer of the first.
 */
export const makePayOrder = (deps: {
  store: OrderStore;
  cashier: Cashier;
  completion: OrderCompletion;
}): PayOrder => {
  const { store, cashier, completion } = deps;

  const describeEnd = async (order: Order) => {
    if (order.status === 'CONFIRMED') return order;
    if (order.cancellation?.reason !== 'PAYMENT_FAILED') {
      return problem('ORDER_NOT_PENDING', { order });
    }
    const outcome = await cashier.findOutcome(order.id, FIRST_ATTEMPT);
    const reason = outcome?.status === 'FAILED' ? outcome.reason : 'declined';
    return problem('PAYMENT_DECLINED', { order, reason });
  };

  const claimKey = async (userId: string, key: string, request: readonly unknown[]) => {
    const requestHash = new Uint8Array(
      createHash('sha256').update(JSON.stringify(request)).digest(),
    );
    const orderId = String(request[1]);
    const claim = await store.claimKey({ userId, key, requestHash, orderId });
    return Buffer.compare(claim.requestHash, requestHash) === 0;
  };

  return async (userId, input) => {
    const fields = validate(payOrderInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, idempotencyKey, paymentMethod = null } = fields;
    const [order] = await store.findOrders([orderId]);
    if (order?.userId !== userId) return problem('ORDER_NOT_FOUND');
    if (typeof idempotencyKey === 'string') {
      const request = ['payOrder', orderId, paymentMethod];
      const claimed = await claimKey(userId, idempotencyKey, request);
      if (!claimed) return problem('IDEMPOTENCY_CONFLICT');
    }
    if (order.status !== 'PENDING') return describeEnd(order);
    if (order.reservedUntil <= new Date()) {
      // Past its time only a payment that was begun before can still decide it.
      await completion.resolve(orderId);
      const [resolved = order] = await store.findOrders([orderId]);
      return resolved.status === 'PENDING'
        ? problem('ORDER_NOT_PENDING', { order: resolved }, 'The time to pay the order is over.')
        : describeEnd(resolved);
    }

    await store.planResolve(orderId, new Date(Date.now() + RESOLVE_AFTER_MS));
    const outcome = await cashier.charge({
      orderId,
      attempt: FIRST_ATTEMPT,
      userId,
      amount: order.total,
      method: paymentMethod,
    });
    if (isProblem(outcome)) return outcome;
    const completed = await completion.complete(order, outcome);
    return completed.status === 'PENDING' ? completed : describeEnd(completed);
  };
};
