import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem, ResponseSlot } from '@cartograph/idempotency';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import type { OrderCompletion } from './complete-order.ts';
import type { Actor } from './order-event.ts';
import { cancelOrderInput } from './input.ts';
import type { OrderStore } from './order-store.ts';
import type { CancellationReason, Order } from './order.ts';

/** The part of a viewer by which access to an order is decided. */
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
 * Makes the use case: a customer cancels their own pending order, an administrator any. A payment in
 * progress may confirm the order first; if it succeeds after the cancellation, it is refunded.
 */
export const makeCancelOrder = (deps: {
  store: OrderStore;
  completion: OrderCompletion;
  idempotency: Idempotency;
}): CancelOrder => {
  const { store, completion, idempotency } = deps;

  const cancel = async (
    orderId: string,
    viewer: Customer,
    note: string | null,
    slot: ResponseSlot | null,
  ) => {
    const [order] = await store.findOrders([orderId]);
    const isOwn = order?.userId === viewer.id;
    if (!order || !(isOwn || viewer.role === 'ADMIN')) return problem('ORDER_NOT_FOUND');
    const reason: CancellationReason = isOwn ? 'CUSTOMER_REQUEST' : 'ADMIN';
    const actor: Actor = { kind: isOwn ? 'CUSTOMER' : 'ADMIN', id: viewer.id };
    // It may be a repeat: the order was cancelled before, for the same reason.
    const toResponse = (end: Order) =>
      end.cancellation?.reason === reason ? end : problem('ORDER_NOT_PENDING', { order: end });
    if (order.status !== 'PENDING') return toResponse(order);
    const reply = { slot, toResponse };
    return toResponse(await completion.cancel(order, reason, { actor, note }, reply));
  };

  return async (viewer, input) => {
    const fields = validate(cancelOrderInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, reason: note = null } = fields;
    const result = await idempotency.once(
      {
        userId: viewer.id,
        operation: 'cancelOrder',
        key: fields.idempotencyKey ?? null,
        request: [orderId, note],
        subjectId: orderId,
      },
      (_orderId, _isNew, slot) => cancel(orderId, viewer, note, slot),
    );
    // A stored response may be of a time when the account was an administrator's.
    const order = isProblem(result) ? ('order' in result ? result.order : null) : result;
    const isOthers = order !== null && order.userId !== viewer.id && viewer.role !== 'ADMIN';
    return isOthers ? problem('ORDER_NOT_FOUND') : result;
  };
};
