import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import { FIRST_ATTEMPT, type Cashier, type PaymentOutcome } from './cashier.ts';
import type { OrderCompletion } from './complete-order.ts';
import { payOrderInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import { RESOLVE_AFTER_MS } from './order-times.ts';
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
 * Makes the use case: take the money once, and end the order by what came of it. The answer
 * follows from what became of the order, so a repeat without a key, too, is never a second charge.
 */
export const makePayOrder = (deps: {
  store: OrderStore;
  cashier: Cashier;
  completion: OrderCompletion;
  answers: Idempotency;
}): PayOrder => {
  const { store, cashier, completion, answers } = deps;

  /** @param known how the payment stands, where that was told a moment ago */
  const describeEnd = async (order: Order, known?: PaymentOutcome) => {
    if (order.status === 'CONFIRMED') {
      // It may have been refunded since.
      const outcome = known ?? (await cashier.findOutcome(order.id, FIRST_ATTEMPT));
      return outcome ? { ...order, paymentStatus: outcome.status } : order;
    }
    if (order.cancellation?.reason !== 'PAYMENT_FAILED') {
      return problem('ORDER_NOT_PENDING', { order });
    }
    const outcome = known ?? (await cashier.findOutcome(order.id, FIRST_ATTEMPT));
    const reason = outcome?.status === 'FAILED' ? outcome.reason : 'refunded';
    return problem('PAYMENT_DECLINED', { order, reason });
  };

  const pay = async (orderId: string, userId: string, method: string | null) => {
    const [order] = await store.findOrders([orderId]);
    if (order?.userId !== userId) return problem('ORDER_NOT_FOUND');
    if (order.status !== 'PENDING') return describeEnd(order);
    if (order.reservedUntil <= new Date()) {
      // Past its time only a payment that was begun before can still decide it.
      const resolved = await completion.resolve(orderId);
      return resolved.status === 'PENDING'
        ? problem('ORDER_NOT_PENDING', { order: resolved }, 'The time to pay the order is over.')
        : describeEnd(resolved);
    }

    const resolveAt = new Date(Date.now() + RESOLVE_AFTER_MS);
    await store.startPayment(order, { kind: 'CUSTOMER', id: userId }, resolveAt);
    const outcome = await cashier.charge({
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
      : describeEnd(completed, outcome);
  };

  return async (userId, input) => {
    const fields = validate(payOrderInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, idempotencyKey, paymentMethod = null } = fields;
    return answers.once(
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
