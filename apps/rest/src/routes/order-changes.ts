import { bodyProblems, problems, type RestApp, signedIn } from '../http/describe-api.ts';
import {
  CancelOrderDocument,
  PayOrderDocument,
  UpdateOrderStatusDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import {
  idempotencyHeaders,
  idParams,
  optionalBody,
  readPathId,
  reference,
} from '../input/fields.ts';
import { paymentInput, statusChange, cancellationInput } from '../input/order.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { orderSchema, paidOrderSchema, viewOrder, viewPaidOrder } from '../views/order.ts';

const tags = ['orders'];

/** Payment, cancellation and status of an order. */
export const orderChangeRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders/:id/pay',
    {
      schema: {
        summary: 'Pay an order',
        description:
          'A declined payment cancels the order and releases the stock. The body is optional.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: paymentInput,
        response: {
          200: reference(paidOrderSchema),
          202: reference(paidOrderSchema),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PENDING',
            'PAYMENT_DECLINED',
            'REQUEST_IN_FLIGHT',
            'UNAUTHENTICATED',
            ...bodyProblems,
          ),
        },
      },
      preValidation: optionalBody,
    },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const input = {
        orderId: readPathId(request.params),
        paymentMethod: request.body.payment_method,
        idempotencyKey,
      };
      const result = await graph.execute(
        request,
        PayOrderDocument,
        { input },
        (data) => data.payOrder,
      );
      const order = viewPaidOrder(unwrapOrThrow(result), idempotencyKey !== undefined);
      // While the payment is pending, the request is only accepted.
      return reply.code(order.status === 'PENDING' ? 202 : 200).send(order);
    },
  );

  app.post(
    '/v1/orders/:id/cancel',
    {
      schema: {
        summary: 'Cancel a pending order',
        description: 'A payment that succeeds later is refunded. The body is optional.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: cancellationInput,
        response: {
          200: reference(orderSchema),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PENDING',
            'REQUEST_IN_FLIGHT',
            'UNAUTHENTICATED',
            ...bodyProblems,
          ),
        },
      },
      preValidation: optionalBody,
    },
    async (request) => {
      const input = {
        orderId: readPathId(request.params),
        reason: request.body.reason,
        idempotencyKey: request.headers['idempotency-key'],
      };
      const result = await graph.execute(
        request,
        CancelOrderDocument,
        { input },
        (data) => data.cancelOrder,
      );
      return viewOrder(unwrapOrThrow(result));
    },
  );

  app.post(
    '/v1/orders/:id/status',
    {
      schema: {
        summary: 'Change the status of an order, as an administrator',
        tags,
        security: signedIn,
        params: idParams,
        body: statusChange,
        response: {
          200: reference(orderSchema),
          ...problems(
            'FORBIDDEN',
            'ILLEGAL_TRANSITION',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PAID',
            'UNAUTHENTICATED',
            ...bodyProblems,
          ),
        },
      },
    },
    async (request) => {
      const result = await graph.execute(
        request,
        UpdateOrderStatusDocument,
        { input: { ...request.body, orderId: readPathId(request.params) } },
        (data) => data.updateOrderStatus,
      );
      return viewOrder(unwrapOrThrow(result));
    },
  );
};
