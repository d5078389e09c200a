import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  CreateOrderDocument,
  GetOrderDocument,
  type GetOrderQueryVariables,
  GetOrderHistoryDocument,
  ListAllOrdersDocument,
  ListOrdersDocument,
} from '../generated/operations.ts';
import type { Caller, GraphClient } from '../graph/make-graph-client.ts';
import {
  idempotencyHeaders,
  idParams,
  readPathId,
  reference,
  toPageArguments,
} from '../input/fields.ts';
import { toDeliveryAddress } from '../input/delivery-address.ts';
import {
  newOrder,
  orderNumberParams,
  ordersQuery,
  readPathNumber,
  toOrderItems,
} from '../input/order.ts';
import { answer, bodyProblems, inputProblems, problems } from '../openapi/responses.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { orderEventSchema, orderSchema, viewOrder, viewOrderEvent } from '../views/order.ts';
import { makePageLinks } from '../views/page-links.ts';
import { listOf, viewPage } from '../views/page.ts';

const tags = ['orders'];

const oneOrder = answer(reference(orderSchema), { description: 'The order.' });

/** Creating and reading orders. */
export const orderRoutes = (app: RestApp, graph: GraphClient): void => {
  const readOrder = async (caller: Caller, variables: GetOrderQueryVariables) => {
    const order = await graph.execute(caller, GetOrderDocument, variables, (data) => data.order);
    if (!order) throw new ProblemError('ORDER_NOT_FOUND');
    return viewOrder(order);
  };

  app.post(
    '/v1/orders',
    {
      schema: {
        operationId: 'createOrder',
        summary: 'Create a pending order and reserve its stock',
        tags,
        security: signedIn,
        headers: idempotencyHeaders,
        body: newOrder,
        response: {
          201: answer(reference(orderSchema), {
            description: 'The order is created, and its stock is reserved.',
            headers: ['Location'],
          }),
          ...problems(
            'IDEMPOTENCY_CONFLICT',
            'MIXED_CURRENCIES',
            'OUT_OF_STOCK',
            'PRODUCT_NOT_FOUND',
            'REQUEST_IN_FLIGHT',
            'TOO_MANY_OPEN_ORDERS',
            'TOO_MANY_UNITS_HELD',
            ...bodyProblems,
          ),
        },
      },
    },
    async (request, reply) => {
      const { items, delivery_address: address } = request.body;
      const input = {
        items: toOrderItems(items),
        ...(address && { deliveryAddress: toDeliveryAddress(address) }),
        idempotencyKey: request.headers['idempotency-key'],
      };
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
        operationId: 'listOrders',
        summary: 'The account’s orders, newest first',
        description: 'With `all`, the orders of all accounts: for administrators.',
        tags,
        security: signedIn,
        querystring: ordersQuery,
        response: {
          200: answer(listOf(reference(orderSchema)), {
            description: 'A page of orders.',
            headers: ['Link'],
          }),
          ...problems('FORBIDDEN', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const { all, status, ...page } = request.query;
      const variables = { ...toPageArguments(page), status };
      const orders = all
        ? await graph.execute(request, ListAllOrdersDocument, variables, (data) => data.orders)
        : await graph.execute(request, ListOrdersDocument, variables, (data) => data.me?.orders);
      if (!orders) throw new ShopError('UNAUTHENTICATED');
      const view = { data: orders.nodes.map(viewOrder), page: viewPage(orders.pageInfo) };
      const link = makePageLinks(request.url, view.page);
      if (link !== undefined) reply.header('link', link);
      return view;
    },
  );

  app.get(
    '/v1/orders/:id',
    {
      schema: {
        operationId: 'getOrder',
        summary: 'An order of the account',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: oneOrder,
          ...problems('NOT_FOUND', 'ORDER_NOT_FOUND'),
        },
      },
    },
    async (request) => readOrder(request, { id: readPathId(request.params) }),
  );

  app.get(
    '/v1/orders/by-number/:number',
    {
      schema: {
        operationId: 'getOrderByNumber',
        summary: 'An order of the account, by its number',
        tags,
        security: signedIn,
        params: orderNumberParams,
        response: {
          200: oneOrder,
          ...problems('NOT_FOUND', 'ORDER_NOT_FOUND'),
        },
      },
    },
    async (request) => readOrder(request, { number: readPathNumber(request.params) }),
  );

  app.get(
    '/v1/orders/:id/history',
    {
      schema: {
        operationId: 'getOrderHistory',
        summary: 'The history of an order, oldest first',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          200: answer(Type.Object({ data: Type.Array(reference(orderEventSchema)) }), {
            description: 'All events of the order.',
          }),
          ...problems('NOT_FOUND', 'ORDER_NOT_FOUND'),
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
