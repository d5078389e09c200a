import { ShopError } from '@cartograph/errors';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import { GetPaymentDocument, RefundPaymentDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idempotencyHeaders, idParams, readPathId } from '../input/fields.ts';
import { newRefund } from '../input/refund.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import type { RestApp } from '../rest-app.ts';
import { paymentSchema, viewPayment } from '../views/payment.ts';
import { reference } from '../views/reference.ts';
import { refundSchema, viewRefund } from '../views/refund.ts';

const tags = ['payments'];

/** Attempts to take the money of an order, and money that goes back. */
export const paymentRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/payments/:id',
    {
      schema: {
        summary: 'One payment of one’s own',
        tags,
        security: signedIn,
        params: idParams,
        response: { 200: reference(paymentSchema), ...problems('NOT_FOUND', 'UNAUTHENTICATED') },
      },
    },
    async (request) => {
      const payment = await graph.ask(
        request,
        GetPaymentDocument,
        { id: readPathId(request.params) },
        (data) => data.payment,
      );
      if (!payment) throw new ShopError('NOT_FOUND', 'There is no such payment.');
      return viewPayment(payment);
    },
  );

  app.post(
    '/v1/payments/:id/refunds',
    {
      schema: {
        summary: 'Give back a part of a payment, or all that is left of it',
        description: 'A refund that the provider has not decided yet is PROCESSING.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: newRefund,
        response: {
          201: reference(refundSchema),
          ...problems(
            'FORBIDDEN',
            'IDEMPOTENCY_CONFLICT',
            'PAYMENT_NOT_FOUND',
            'PAYMENT_NOT_REFUNDABLE',
            'REFUND_EXCEEDS_CAPTURED',
            'REQUEST_IN_FLIGHT',
            'UNAUTHENTICATED',
            ...unreadable,
          ),
        },
      },
    },
    async (request, reply) => {
      // As the graph writes ids: a repeat that spells it otherwise gets the same answer.
      const paymentId = readPathId(request.params).toLowerCase();
      const { amount_cents: amount, reason } = request.body;
      const input = {
        paymentId,
        amount,
        reason,
        idempotencyKey: request.headers['idempotency-key'],
      };
      const result = await graph.ask(
        request,
        RefundPaymentDocument,
        { input },
        (data) => data.refundPayment,
      );
      const refund = viewRefund(orRefuse(result), paymentId);
      return reply.code(201).header('location', `/v1/payments/${paymentId}`).send(refund);
    },
  );
};
