import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { bodyProblems, problems, type RestApp, signedIn } from '../http/describe-api.ts';
import {
  CreateOrderDocument,
  GetOrderDocument,
  GetOrderHistoryDocument,
  ListOrdersDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import {
  idempotencyHeaders,
  idParams,
  readPathId,
  reference,
  toPageArguments,
} from '../input/fields.ts';
import { newOrder, ordersQuery } from '../input/order.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { orderEventSchema, orderSchema, viewOrder, viewOrderEvent } from '../views/order.ts';
import { listOf, viewPage } from '../views/page.ts';

const tags = ['orders'];

/** Creating and reading orders. */
export const orderRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/orders',
    {
      schema: {
        summary: 'Create a pending order and reserve its stock',
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
            ...bodyProblems,
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
      const result = await graph.execute(
        request,
        CreateOrderDocument,
        { input },
        (data) => data.createOrder,
      );
      const order = viewOrder(unwrapOrThrow(result));
      return reply.code(201).header('location', `/v1/orders/${order.id}`).send(order);
    },
  );

  app.get(
    '/v1/orders',
    {
      schema: {
        summary: 'The account’s orders, newest first',
        tags,
        security: signedIn,
        querystring: ordersQuery,
        response: { 200: listOf(reference(orderSchema)), ...problems('UNAUTHENTICATED') },
      },
    },
    async (request) => {
      const { status, ...page } = request.query;
      const orders = await graph.execute(
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
        summary: 'An order of the account',
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
      const order = await graph.execute(
        request,
        GetOrderDocument,
        { id: readPathId(request.params) },
        (data) => data.order,
      );
      if (!order) throw new ProblemError('ORDER_NOT_FOUND');
      return viewOrder(order);
    },
  );

  app.get(
    '/v1/orders/:id/history',
    {
      schema: {
        summary: 'The history of an order, oldest first',
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
      const order = await graph.execute(
        request,
        GetOrderHistoryDocument,
        { id: readPathId(request.params) },
        (data) => data.order,
      );
      if (!order) throw new ProblemError('ORDER_NOT_FOUND');
      return { data: order.history.map(viewOrderEvent) };
    },
  );
};
