import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  GetPaymentDocument,
  ListPaymentMethodsDocument,
  ListRefundsDocument,
  RefundPaymentDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { documented } from '../input/documented.ts';
import {
  idempotencyHeaders,
  idParams,
  readPathId,
  reference,
  safeInteger,
  textOf,
} from '../input/fields.ts';
import { answer, bodyProblems, problems } from '../openapi/responses.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import {
  paymentMethodSchema,
  paymentSchema,
  refundSchema,
  viewPayment,
  viewPaymentMethod,
  viewRefund,
} from '../views/payment.ts';

/**
 * The body of a refund. The amount is optional but not nullable: a client that lost its number must
 * not refund everything.
 */
const newRefund = Type.Object(
  {
    amount_cents: Type.Optional(
      safeInteger('In the smallest unit of the payment’s currency. Without it, all that is left.', {
        minimum: 1,
      }),
    ),
    reason: textOf(500, {
      description: 'The reason: 1 to 500 characters. The customer sees it.',
      minLength: 1,
    }),
  },
  {
    additionalProperties: false,
    ...documented({
      examples: [{ amount_cents: 1299, reason: 'One of two mugs arrived broken.' }],
    }),
  },
);

const tags = ['payments'];

const paymentNotFound = (): ShopError => new ShopError('NOT_FOUND', 'There is no such payment.');

/** Payments and refunds. */
export const paymentRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/payment-methods',
    {
      schema: {
        operationId: 'listPaymentMethods',
        summary: 'How an order can be paid: what the payment of an order takes as `payment_method`',
        tags,
        response: {
          200: answer(Type.Object({ data: Type.Array(reference(paymentMethodSchema)) }), {
            description: 'All payment methods of the shop.',
          }),
          ...problems(),
        },
      },
    },
    async (request) => {
      const methods = await graph.execute(
        request,
        ListPaymentMethodsDocument,
        {},
        (data) => data.paymentMethods,
      );
      if (!methods) throw new ShopError('UNAVAILABLE');
      return { data: methods.map(viewPaymentMethod) };
    },
  );

  app.get(
    '/v1/payments/:id',
    {
      schema: {
        operationId: 'getPayment',
        summary: 'A payment of the account',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: answer(reference(paymentSchema), { description: 'The payment and its refunds.' }),
          ...problems('NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const payment = await graph.execute(
        request,
        GetPaymentDocument,
        { id: readPathId(request.params) },
        (data) => data.payment,
      );
      if (!payment) throw paymentNotFound();
      return viewPayment(payment);
    },
  );

  app.get(
    '/v1/payments/:id/refunds',
    {
      schema: {
        operationId: 'listRefunds',
        summary: 'The refunds of a payment, oldest first',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: answer(Type.Object({ data: Type.Array(reference(refundSchema)) }), {
            description: 'All refunds of the payment.',
          }),
          ...problems('NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const payment = await graph.execute(
        request,
        ListRefundsDocument,
        { id: readPathId(request.params) },
        (data) => data.payment,
      );
      if (!payment) throw paymentNotFound();
      return { data: payment.refunds.map((refund) => viewRefund(refund, payment.id)) };
    },
  );

  app.post(
    '/v1/payments/:id/refunds',
    {
      schema: {
        operationId: 'refundPayment',
        summary: 'Refund a part of a payment, or all that is left of it',
        description: 'A refund is PROCESSING until the provider settles it.',
        tags,
        security: signedIn,
        params: idParams,
        headers: idempotencyHeaders,
        body: newRefund,
        response: {
          201: answer(reference(refundSchema), {
            description: 'The refund is requested.',
            headers: ['Location'],
          }),
          ...problems(
            'FORBIDDEN',
            'IDEMPOTENCY_CONFLICT',
            'NOT_FOUND',
            'PAYMENT_NOT_FOUND',
            'PAYMENT_NOT_REFUNDABLE',
            'REFUND_EXCEEDS_CAPTURED',
            'REQUEST_IN_FLIGHT',
            ...bodyProblems,
          ),
        },
      },
    },
    async (request, reply) => {
      const paymentId = readPathId(request.params);
      const { amount_cents: amount, reason } = request.body;
      const input = {
        paymentId,
        amount,
        reason,
        idempotencyKey: request.headers['idempotency-key'],
      };
      const result = await graph.execute(
        request,
        RefundPaymentDocument,
        { input },
        (data) => data.refundPayment,
      );
      const refund = viewRefund(unwrapOrThrow(result), paymentId);
      return reply.code(201).header('location', `/v1/payments/${paymentId}`).send(refund);
    },
  );
};
