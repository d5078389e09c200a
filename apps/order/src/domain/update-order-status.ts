import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import { FIRST_ATTEMPT, type Cashier } from './cashier.ts';
import type { OrderCompletion } from './complete-order.ts';
import type { Actor } from './order-event.ts';
import { updateOrderStatusInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import type { Order, OrderStatus } from './order.ts';
import { statusesForAdmin } from './transitions.ts';

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

const isThere = ({ status, cancellation }: Order, wanted: OrderStatus): boolean =>
  status === wanted && (status === 'CONFIRMED' || cancellation?.reason === 'ADMIN');

/**
 * Makes the use case: an administrator moves an order where the table of transitions lets them. Not
 * even they confirm what was not paid. A repeat of what is done already answers the order.
 */
export const makeUpdateOrderStatus = (deps: {
  store: OrderStore;
  cashier: Cashier;
  completion: OrderCompletion;
}): UpdateOrderStatus => {
  const { store, cashier, completion } = deps;

  const refuse = ({ status: from }: Order, to: OrderStatus): IllegalTransition =>
    problem('ILLEGAL_TRANSITION', { from, to, allowed: statusesForAdmin(from) });

  return async (adminId, input) => {
    const fields = validate(updateOrderStatusInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, status, reason: note = null } = fields;
    const [order] = await store.findOrders([orderId]);
    if (!order) return problem('ORDER_NOT_FOUND');
    if (isThere(order, status)) return order;
    if (!statusesForAdmin(order.status).includes(status)) return refuse(order, status);

    const actor: Actor = { kind: 'ADMIN', id: adminId };
    let end: Order;
    if (status === 'CONFIRMED') {
      const outcome = await cashier.findOutcome(orderId, FIRST_ATTEMPT);
      if (outcome?.status !== 'SUCCEEDED') return problem('ORDER_NOT_PAID');
      end = await completion.complete(order, outcome, { actor, note });
    } else {
      const to = { status: 'CANCELLED', reason: 'ADMIN' } as const;
      end = await completion.move(orderId, to, { actor, note });
    }
    // Somebody else may have ended it in the meantime.
    return isThere(end, status) ? end : refuse(end, status);
  };
};
