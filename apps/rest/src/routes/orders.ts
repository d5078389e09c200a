import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  CreateOrderDocument,
  GetOrderDocument,
  GetOrderHistoryDocument,
  ListOrdersDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idempotencyHeaders, idParams, readPathId, toPageArguments } from '../input/fields.ts';
import { newOrder, ordersQuery } from '../input/order.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import { Refusal } from '../problems/refusal.ts';
import type { RestApp } from '../rest-app.ts';
import { orderEventSchema, viewOrderEvent } from '../views/order-event.ts';
import { orderSchema, viewOrder } from '../views/order.ts';
import { listOf, viewPage } from '../views/page.ts';
import { reference } from '../views/reference.ts';

const tags = ['orders'];

/** What customers ask for. */
export const orderRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders',
    {
      schema: {
        summary: 'Set stock aside and make an order that waits to be paid',
        tags,
        security: signedIn,
        headers: idempotencyHeaders,
        body: newOrder,
        response: {
          201: reference(orderSchema),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'MIXED_CURRENCIES',
            'OUT_OF_STOCK',
            'PRODUCT_NOT_FOUND',
            'REQUEST_IN_FLIGHT',
            'TOO_MANY_OPEN_ORDERS',
            'TOO_MANY_UNITS_HELD',
            'UNAUTHENTICATED',
            ...unreadable,
          ),
        },
      },
    },
    async (request, reply) => {
      const items = request.body.items.map(({ product_id, qty }) => ({
        productId: product_id,
        quantity: qty,
      }));
      const input = { items, idempotencyKey: request.headers['idempotency-key'] };
      const result = await graph.ask(
        request,
        CreateOrderDocument,
        { input },
        (data) => data.createOrder,
      );
      const order = viewOrder(orRefuse(result));
      return reply.code(201).header('location', `/v1/orders/${order.id}`).send(order);
    },
  );

  app.get(
    '/v1/orders',
    {
      schema: {
        summary: 'One’s own orders, newest first',
        tags,
        security: signedIn,
        querystring: ordersQuery,
        response: { 200: listOf(reference(orderSchema)), ...problems('UNAUTHENTICATED') },
      },
    },
    async (request) => {
      const { status, ...page } = request.query;
      const orders = await graph.ask(
        request,
        ListOrdersDocument,
        { ...toPageArguments(page), status },
        (data) => data.me?.orders,
      );
      if (!orders) throw new ShopError('UNAUTHENTICATED');
      return { data: orders.nodes.map(viewOrder), page: viewPage(orders.pageInfo) };
    },
  );

  app.get(
    '/v1/orders/:id',
    {
      schema: {
        summary: 'One order of one’s own',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: reference(orderSchema),
          ...problems('ORDER_NOT_FOUND', 'UNAUTHENTICATED'),
        },
      },
    },
    async (request) => {
      const order = await graph.ask(
        request,
        GetOrderDocument,
        { id: readPathId(request.params) },
        (data) => data.order,
      );
      if (!order) throw new Refusal('ORDER_NOT_FOUND');
      return viewOrder(order);
    },
  );

  app.get(
    '/v1/orders/:id/history',
    {
      schema: {
        summary: 'What happened to an order, oldest first',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: Type.Object({ data: Type.Array(reference(orderEventSchema)) }),
          ...problems('ORDER_NOT_FOUND', 'UNAUTHENTICATED'),
        },
      },
    },
    async (request) => {
      const order = await graph.ask(
        request,
        GetOrderHistoryDocument,
        { id: readPathId(request.params) },
        (data) => data.order,
      );
      if (!order) throw new Refusal('ORDER_NOT_FOUND');
      return { data: order.history.map(viewOrderEvent) };
    },
  );
};
