import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem, ResponseSlot } from '@cartograph/idempotency';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import type { OrderCompletion } from './complete-order.ts';
import { payOrderInput } from './input.ts';
import type { OrderStore } from './order-store.ts';
import { paymentTimeoutOf } from './order-times.ts';
import type { Order } from './order.ts';
import {
  attemptOf,
  FIRST_ATTEMPT,
  type IdentifiedOutcome,
  type PaymentClient,
} from './payment-client.ts';

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

const TIME_OVER = 'The time to pay the order is over.';

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

  /** @param outcome of the payment; null when there is none, or it does not matter */
  const toResult = (order: Order, outcome: IdentifiedOutcome | null) => {
    if (order.cancellation?.reason === 'PAYMENT_FAILED') {
      const reason = outcome?.status === 'FAILED' ? outcome.reason : 'refunded';
      return problem('PAYMENT_DECLINED', { order, reason });
    }
    if (order.cancellation) return problem('ORDER_NOT_PENDING', { order });
    // It may have been refunded in the meantime.
    if (outcome) {
      return { ...order, paymentStatus: outcome.status, paymentId: outcome.paymentId };
    }
    return order.status === 'CONFIRMED'
      ? order
      : problem('ORDER_NOT_PENDING', { order }, TIME_OVER);
  };

  /** The result for an order that can't be paid now: it has ended, or the time to pay it is over. */
  const findResult = async (orderId: string, userId: string) => {
    const [found] = await store.findOrders([orderId]);
    if (found?.userId !== userId) return problem('ORDER_NOT_FOUND');
    // A payment that was started in time may still confirm the order.
    const resolved = found.status === 'PENDING' ? await completion.resolve(orderId) : found;
    const order = resolved ?? found;
    // A pending payment may still confirm a pending order: a customer who reads that the time to pay is
    // over may buy it again.
    const needsOutcome =
      order.status !== 'CANCELLED' || order.cancellation?.reason === 'PAYMENT_FAILED';
    return toResult(
      order,
      needsOutcome ? await payments.findOutcome(orderId, FIRST_ATTEMPT) : null,
    );
  };

  const pay = async (
    orderId: string,
    userId: string,
    method: string | null,
    slot: ResponseSlot | null,
  ) => {
    const order = await store.startPayment(orderId, userId);
    if (!order) return findResult(orderId, userId);
    const outcome = await payments.charge({
      ...attemptOf(order),
      method,
      chargeUntil: paymentTimeoutOf(order),
    });
    // The attempt was closed meanwhile: the order has ended.
    if (outcome === null) return findResult(orderId, userId);
    if (isProblem(outcome)) return outcome;
    const toResponse = (end: Order) => toResult(end, outcome);
    const reply = { slot, toResponse };
    const end = await completion.complete({ order, now: new Date() }, outcome, { reply });
    if (end.status !== 'PENDING') return toResponse(end);
    // A charge may take seconds, in which others may have confirmed or cancelled the order.
    const [current = end] = await store.findOrders([orderId]);
    return current.status === 'PENDING' ? toResponse(current) : findResult(orderId, userId);
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
      (_orderId, _isNew, slot) => pay(orderId, userId, paymentMethod, slot),
    );
  };
};
