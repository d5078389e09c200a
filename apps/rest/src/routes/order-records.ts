import { Type } from 'typebox';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  ListOrderPaymentsDocument,
  ListOrderStockMovementsDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idParams, pageQuery, readPathId, reference, toPageArguments } from '../input/fields.ts';
import { answer, inputProblems, problems } from '../openapi/responses.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { cents } from '../views/fields.ts';
import { makePageLinks } from '../views/page-links.ts';
import { listOf, viewPage } from '../views/page.ts';
import { paymentSchema, viewPayment } from '../views/payment.ts';
import { stockMovementSchema, viewStockMovement } from '../views/product.ts';

const orderPaymentsSchema = Type.Object({
  data: Type.Array(reference(paymentSchema)),
  refunded_cents: Type.Optional(
    cents(
      'The sum of the successful refunds of the order, in the currency of its payments. Refunds in ' +
        'progress do not count. Absent when there is no payment.',
    ),
  ),
});

const forOrder = { tags: ['orders'], security: signedIn, params: idParams };

/** What other services have recorded about an order. */
export const orderRecordRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/orders/:id/payments',
    {
      schema: {
        operationId: 'listOrderPayments',
        summary: 'Every attempt to pay an order, oldest first',
        ...forOrder,
        response: {
          200: answer(orderPaymentsSchema, {
            description: 'All payments of the order, with their refunds.',
          }),
          ...problems('NOT_FOUND', 'ORDER_NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const order = await graph.execute(
        request,
        ListOrderPaymentsDocument,
        { id: readPathId(request.params) },
        ({ order }) => order?.payments && { ...order, payments: order.payments },
      );
      if (!order) throw new ProblemError('ORDER_NOT_FOUND');
      return {
        data: order.payments.map(viewPayment),
        ...(order.refundedTotal && { refunded_cents: order.refundedTotal.amount }),
      };
    },
  );

  app.get(
    '/v1/orders/:id/stock-movements',
    {
      schema: {
        operationId: 'listOrderStockMovements',
        summary: 'The stock ledger of an order, newest first, for administrators',
        ...forOrder,
        querystring: pageQuery,
        response: {
          200: answer(listOf(reference(stockMovementSchema)), {
            description: 'A page of the ledger.',
            headers: ['Link'],
          }),
          ...problems('FORBIDDEN', 'NOT_FOUND', 'ORDER_NOT_FOUND', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const movements = await graph.execute(
        request,
        ListOrderStockMovementsDocument,
        { orderId: readPathId(request.params), ...toPageArguments(request.query) },
        ({ order, stockMovements }) => order && stockMovements,
      );
      if (!movements) throw new ProblemError('ORDER_NOT_FOUND');
      const page = viewPage(movements.pageInfo);
      const link = makePageLinks(request.url, page);
      if (link !== undefined) reply.header('link', link);
      return { data: movements.nodes.map(viewStockMovement), page };
    },
  );
};
