import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import { FIRST_ATTEMPT, type PaymentClient, type PaymentOutcome } from './payment-client.ts';
import type { OrderCompletion } from './complete-order.ts';
import { payOrderInput } from './input.ts';
import type { OrderStore } from './order-store.ts';
import { PAYMENT_CHECK_DELAY_MS } from './order-times.ts';
import type { Order } from './order.ts';

export type PayOrder = (
  userId: string,
  input: z.input<typeof payOrderInput>,
) => Promise<
  | Order
  | IdempotencyProblem
  | Problem<'ORDER_NOT_FOUND'>
  | Problem<'ORDER_NOT_PENDING', { order: Order }>
  | Problem<'PAYMENT_DECLINED', { order: Order; reason: string }>
  | ValidationFailed
>;

/**
 * Makes the use case: charge once, and complete the order with the outcome. The result follows from
 * the status of the order, so a repeat is never a second charge, even without a key.
 */
export const makePayOrder = (deps: {
  store: OrderStore;
  payments: PaymentClient;
  completion: OrderCompletion;
  idempotency: Idempotency;
}): PayOrder => {
  const { store, payments, completion, idempotency } = deps;

  /** @param known the outcome of the payment, if it was read already */
  const toResult = async (order: Order, known?: PaymentOutcome) => {
    if (order.status === 'CONFIRMED') {
      // It may have been refunded in the meantime.
      const outcome = known ?? (await payments.findOutcome(order.id, FIRST_ATTEMPT));
      return outcome ? { ...order, paymentStatus: outcome.status } : order;
    }
    if (order.cancellation?.reason !== 'PAYMENT_FAILED') {
      return problem('ORDER_NOT_PENDING', { order });
    }
    const outcome = known ?? (await payments.findOutcome(order.id, FIRST_ATTEMPT));
    const reason = outcome?.status === 'FAILED' ? outcome.reason : 'refunded';
    return problem('PAYMENT_DECLINED', { order, reason });
  };

  const pay = async (orderId: string, userId: string, method: string | null) => {
    const [order] = await store.findOrders([orderId]);
    if (order?.userId !== userId) return problem('ORDER_NOT_FOUND');
    if (order.status !== 'PENDING') return toResult(order);
    if (order.reservedUntil <= new Date()) {
      // A payment that was started in time may still confirm the order.
      const resolved = await completion.resolve(orderId);
      return resolved.status === 'PENDING'
        ? problem('ORDER_NOT_PENDING', { order: resolved }, 'The time to pay the order is over.')
        : toResult(resolved);
    }

    const pollAt = new Date(Date.now() + PAYMENT_CHECK_DELAY_MS);
    await store.startPayment(order, { kind: 'CUSTOMER', id: userId }, pollAt);
    const outcome = await payments.charge({
      orderId,
      attempt: FIRST_ATTEMPT,
      userId,
      amount: order.total,
      method,
    });
    if (isProblem(outcome)) return outcome;
    const completed = await completion.complete(order, outcome);
    return completed.status === 'PENDING'
      ? { ...completed, paymentStatus: outcome.status }
      : toResult(completed, outcome);
  };

  return async (userId, input) => {
    const fields = validate(payOrderInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, idempotencyKey, paymentMethod = null } = fields;
    return idempotency.once(
      {
        userId,
        operation: 'payOrder',
        key: idempotencyKey ?? null,
        request: [orderId, paymentMethod],
        subjectId: orderId,
      },
      () => pay(orderId, userId, paymentMethod),
    );
  };
};
