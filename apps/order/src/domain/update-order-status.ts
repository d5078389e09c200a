import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import { FIRST_ATTEMPT, type PaymentClient } from './payment-client.ts';
import type { OrderCompletion } from './complete-order.ts';
import type { Actor } from './order-event.ts';
import { updateOrderStatusInput } from './input.ts';
import type { OrderStore } from './order-store.ts';
import { statusesForAdmin, type Order, type OrderStatus } from './order.ts';

export type IllegalTransition = Problem<
  'ILLEGAL_TRANSITION',
  { from: OrderStatus; to: OrderStatus; allowed: readonly OrderStatus[] }
>;

export type UpdateOrderStatus = (
  adminId: string,
  input: z.input<typeof updateOrderStatusInput>,
) => Promise<
  | Order
  | IllegalTransition
  | Problem<'ORDER_NOT_FOUND'>
  | Problem<'ORDER_NOT_PAID'>
  | ValidationFailed
>;

const hasStatus = ({ status, cancellation }: Order, expected: OrderStatus): boolean =>
  status === expected && (status === 'CONFIRMED' || cancellation?.reason === 'ADMIN');

/**
 * Makes the use case: an administrator moves an order to a status that its transitions allow. An order
 * that is not paid can't be confirmed. A repeat returns the order as it is.
 */
export const makeUpdateOrderStatus = (deps: {
  store: OrderStore;
  payments: PaymentClient;
  completion: OrderCompletion;
}): UpdateOrderStatus => {
  const { store, payments, completion } = deps;

  const toProblem = ({ status: from }: Order, to: OrderStatus): IllegalTransition =>
    problem('ILLEGAL_TRANSITION', { from, to, allowed: statusesForAdmin(from) });

  return async (adminId, input) => {
    const fields = validate(updateOrderStatusInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, status, reason: note = null } = fields;
    const [order] = await store.findOrders([orderId]);
    if (!order) return problem('ORDER_NOT_FOUND');
    if (hasStatus(order, status)) return order;
    if (!statusesForAdmin(order.status).includes(status)) return toProblem(order, status);

    const actor: Actor = { kind: 'ADMIN', id: adminId };
    let end: Order;
    if (status === 'CONFIRMED') {
      const outcome = await payments.findOutcome(orderId, FIRST_ATTEMPT);
      if (outcome?.status !== 'SUCCEEDED') return problem('ORDER_NOT_PAID');
      const cause = { actor, note };
      end = await completion.complete({ order, now: new Date() }, outcome, { cause });
    } else {
      end = await completion.cancel(order, 'ADMIN', { actor, note });
    }
    // Another request may have moved it in the meantime.
    return hasStatus(end, status) ? end : toProblem(end, status);
  };
};
