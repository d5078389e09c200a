import { type RestApp, signedIn } from '../http/describe-api.ts';
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
import { answer, bodyProblems, problems } from '../openapi/responses.ts';
import { readPayment } from '../graph/read-payment.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { cancelledOrderExample, pendingOrderExample } from '../views/examples.ts';
import { orderSchema, paidOrderSchema, viewOrder, viewPaidOrder } from '../views/order.ts';

const tags = ['orders'];

/** When to read an order whose payment is not settled. */
const PAYMENT_POLL_SECONDS = 2;

/** Payment, cancellation and status of an order. */
export const orderChangeRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders/:id/pay',
    {
      schema: {
        operationId: 'payOrder',
        summary: 'Pay an order',
        description:
          'A declined payment cancels the order and releases the stock. The body is optional.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: paymentInput,
        response: {
          200: answer(reference(paidOrderSchema), { description: 'The order is paid.' }),
          202: answer(reference(paidOrderSchema), {
            description: 'The payment is not settled yet: read the order again.',
            headers: ['Location', 'Retry-After'],
            example: pendingOrderExample,
          }),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'NOT_FOUND',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PENDING',
            'PAYMENT_DECLINED',
            'REQUEST_IN_FLIGHT',
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
      const paid = unwrapOrThrow(result);
      const order = viewPaidOrder(paid, await readPayment(graph, request, paid));
      if (order.status !== 'PENDING') return reply.code(200).send(order);
      // While the payment is pending, the request is only accepted: the order says when it is not.
      return reply
        .code(202)
        .header('location', `/v1/orders/${order.id}`)
        .header('retry-after', String(PAYMENT_POLL_SECONDS))
        .send(order);
    },
  );

  app.post(
    '/v1/orders/:id/cancel',
    {
      schema: {
        operationId: 'cancelOrder',
        summary: 'Cancel a pending order',
        description: 'A payment that succeeds later is refunded. The body is optional.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: cancellationInput,
        response: {
          200: answer(reference(orderSchema), {
            description: 'The order is cancelled.',
            example: cancelledOrderExample,
          }),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'NOT_FOUND',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PENDING',
            'REQUEST_IN_FLIGHT',
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
        operationId: 'updateOrderStatus',
        summary: 'Change the status of an order, as an administrator',
        tags,
        security: signedIn,
        params: idParams,
        body: statusChange,
        response: {
          200: answer(reference(orderSchema), {
            description: 'The order with its new status.',
            example: cancelledOrderExample,
          }),
          ...problems(
            'FORBIDDEN',
            'ILLEGAL_TRANSITION',
            'NOT_FOUND',
            'ORDER_NOT_FOUND',
            'ORDER_NOT_PAID',
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
