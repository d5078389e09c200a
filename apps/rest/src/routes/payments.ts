import { ShopError } from '@cartograph/errors';
import { problems, signedIn } from '../describe-api.ts';
import { GetPaymentDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idParams, readPathId } from '../input/fields.ts';
import type { RestApp } from '../rest-app.ts';
import { paymentSchema, viewPayment } from '../views/payment.ts';
import { reference } from '../views/reference.ts';

/** Attempts to take the money of an order. */
export const paymentRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/payments/:id',
    {
      schema: {
        summary: 'One payment of one’s own',
        tags: ['payments'],
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
};
