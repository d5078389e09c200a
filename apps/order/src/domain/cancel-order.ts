import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import type { OrderCompletion } from './complete-order.ts';
import type { Actor } from './order-event.ts';
import { cancelOrderInput } from './order-input.ts';
import type { OrderStore } from './order-store.ts';
import type { CancellationReason, Order } from './order.ts';

/** The part of a viewer that decides what it may do with an order. */
export type Customer = { readonly id: string; readonly role: 'USER' | 'ADMIN' };

export type CancelOrder = (
  viewer: Customer,
  input: z.input<typeof cancelOrderInput>,
) => Promise<
  | Order
  | IdempotencyProblem
  | Problem<'ORDER_NOT_FOUND'>
  | Problem<'ORDER_NOT_PENDING', { order: Order }>
  | ValidationFailed
>;

/**
 * Makes the use case: a customer's own order, or any for an administrator, while it is pending. A
 * payment that is under way may win: then the order is paid. When it loses, its money goes back.
 */
export const makeCancelOrder = (deps: {
  store: OrderStore;
  completion: OrderCompletion;
  answers: Idempotency;
}): CancelOrder => {
  const { store, completion, answers } = deps;

  const cancel = async (orderId: string, viewer: Customer, note: string | null) => {
    const [order] = await store.findOrders([orderId]);
    const isOwn = order?.userId === viewer.id;
    if (!order || !(isOwn || viewer.role === 'ADMIN')) return problem('ORDER_NOT_FOUND');
    const reason: CancellationReason = isOwn ? 'CUSTOMER_REQUEST' : 'ADMIN';
    const actor: Actor = { kind: isOwn ? 'CUSTOMER' : 'ADMIN', id: viewer.id };
    const end =
      order.status === 'PENDING'
        ? await completion.move(orderId, { status: 'CANCELLED', reason }, { actor, note })
        : order;
    // A repeat: it is cancelled already, for the same reason.
    return end.cancellation?.reason === reason ? end : problem('ORDER_NOT_PENDING', { order: end });
  };

  return async (viewer, input) => {
    const fields = validate(cancelOrderInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, reason: note = null } = fields;
    return answers.once(
      {
        userId: viewer.id,
        operation: 'cancelOrder',
        key: fields.idempotencyKey ?? null,
        request: [orderId, note],
        subjectId: orderId,
      },
      () => cancel(orderId, viewer, note),
    );
  };
};
