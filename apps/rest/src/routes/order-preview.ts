import { ShopError } from '@cartograph/errors';
import type { RestApp } from '../http/describe-api.ts';
import { PreviewOrderDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { reference } from '../input/fields.ts';
import { previewedOrder, toOrderItems } from '../input/order.ts';
import { answer, bodyProblems, problems } from '../openapi/responses.ts';
import { orderPreviewSchema, viewOrderPreview } from '../views/order-preview.ts';

/** What an order would cost: public, as the catalogue is. */
export const orderPreviewRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders/preview',
    {
      schema: {
        operationId: 'previewOrder',
        summary: 'The prices, the total and the availability of an order, before it is made',
        description:
          'Nothing is reserved or stored: prices and stock may change until the order is made.',
        tags: ['orders'],
        body: previewedOrder,
        response: {
          200: answer(reference(orderPreviewSchema), { description: 'The order as it would be.' }),
          ...problems('MIXED_CURRENCIES', 'PRODUCT_NOT_FOUND', ...bodyProblems),
        },
      },
    },
    async (request) => {
      const preview = await graph.execute(
        request,
        PreviewOrderDocument,
        { items: toOrderItems(request.body.items) },
        (data) => data.orderPreview,
      );
      if (!preview) throw new ShopError('UNAVAILABLE');
      return viewOrderPreview(unwrapOrThrow(preview));
    },
  );
};
