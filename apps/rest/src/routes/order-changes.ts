import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  CancelOrderDocument,
  PayOrderDocument,
  UpdateOrderStatusDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { bodyIfAny, idempotencyHeaders, idParams, readPathId } from '../input/fields.ts';
import { howToPay, statusChange, whyCancel } from '../input/order.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import type { RestApp } from '../rest-app.ts';
import { orderSchema, paidOrderSchema, viewOrder, viewPaidOrder } from '../views/order.ts';
import { reference } from '../views/reference.ts';

const tags = ['orders'];

/** What becomes of an order. */
export const orderChangeRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders/:id/pay',
    {
      schema: {
        summary: 'Pay an order',
        description:
          'A declined payment cancels the order and gives the stock back. The body can be left out.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: howToPay,
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
            ...unreadable,
          ),
        },
      },
      preValidation: bodyIfAny,
    },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const input = {
        orderId: readPathId(request.params),
        paymentMethod: request.body.payment_method,
        idempotencyKey,
      };
      const result = await graph.ask(request, PayOrderDocument, { input }, (data) => data.payOrder);
      const order = viewPaidOrder(orRefuse(result), idempotencyKey !== undefined);
      // While the provider has not decided, the request is only accepted.
      return reply.code(order.status === 'PENDING' ? 202 : 200).send(order);
    },
  );

  app.post(
    '/v1/orders/:id/cancel',
    {
      schema: {
        summary: 'Cancel an order that waits to be paid',
        description: 'A payment that is decided too late is given back. The body can be left out.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: whyCancel,
        response: {
          200: reference(orderSchema),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PENDING',
            'REQUEST_IN_FLIGHT',
            'UNAUTHENTICATED',
            ...unreadable,
          ),
        },
      },
      preValidation: bodyIfAny,
    },
    async (request) => {
      const input = {
        orderId: readPathId(request.params),
        reason: request.body.reason,
        idempotencyKey: request.headers['idempotency-key'],
      };
      const result = await graph.ask(
        request,
        CancelOrderDocument,
        { input },
        (data) => data.cancelOrder,
      );
      return viewOrder(orRefuse(result));
    },
  );

  app.post(
    '/v1/orders/:id/status',
    {
      schema: {
        summary: 'Move an order to another status, as an administrator',
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
            ...unreadable,
          ),
        },
      },
    },
    async (request) => {
      const result = await graph.ask(
        request,
        UpdateOrderStatusDocument,
        { input: { ...request.body, orderId: readPathId(request.params) } },
        (data) => data.updateOrderStatus,
      );
      return viewOrder(orRefuse(result));
    },
  );
};
