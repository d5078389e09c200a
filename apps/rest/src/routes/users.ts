import { ShopError } from '@cartograph/errors';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  GetUserDocument,
  ListUserOrdersDocument,
  ListUserSessionsDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import {
  idParams,
  optionalPageQuery,
  readPathId,
  reference,
  toOptionalPageArguments,
  toPageArguments,
} from '../input/fields.ts';
import { userOrdersQuery } from '../input/order.ts';
import { answer, inputProblems, problems } from '../openapi/responses.ts';
import { orderSchema, viewOrder } from '../views/order.ts';
import { SESSIONS, sendSessions } from './sessions.ts';
import { makePageLinks } from '../views/page-links.ts';
import { listOf, viewPage } from '../views/page.ts';
import { sessionsSchema, userSchema, viewUser } from '../views/session.ts';

const forAdmin = { tags: ['users'], security: signedIn, params: idParams };

const accountNotFound = (): ShopError => new ShopError('NOT_FOUND', 'There is no such account.');

/** Any account, for administrators. */
export const userRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/users/:id',
    {
      schema: {
        operationId: 'getUser',
        summary: 'An account',
        ...forAdmin,
        response: {
          200: answer(reference(userSchema), { description: 'The account.' }),
          ...problems('FORBIDDEN', 'NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const user = await graph.execute(
        request,
        GetUserDocument,
        { id: readPathId(request.params) },
        (data) => data.user,
      );
      if (!user) throw accountNotFound();
      return viewUser(user);
    },
  );

  app.get(
    '/v1/users/:id/orders',
    {
      schema: {
        operationId: 'listUserOrders',
        summary: 'The orders of an account, newest first',
        ...forAdmin,
        querystring: userOrdersQuery,
        response: {
          200: answer(listOf(reference(orderSchema)), {
            description: 'A page of orders.',
            headers: ['Link'],
          }),
          ...problems('FORBIDDEN', 'NOT_FOUND', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const { status, ...page } = request.query;
      const orders = await graph.execute(
        request,
        ListUserOrdersDocument,
        { id: readPathId(request.params), ...toPageArguments(page), status },
        ({ user }) => user && user.orders,
      );
      if (!orders) throw accountNotFound();
      const view = { data: orders.nodes.map(viewOrder), page: viewPage(orders.pageInfo) };
      const link = makePageLinks(request.url, view.page);
      if (link !== undefined) reply.header('link', link);
      return view;
    },
  );

  app.get(
    '/v1/users/:id/sessions',
    {
      schema: {
        operationId: 'listUserSessions',
        summary: 'The sessions of an account',
        description: SESSIONS,
        ...forAdmin,
        querystring: optionalPageQuery,
        response: {
          200: answer(sessionsSchema, {
            description: 'The sessions that have not ended.',
            headers: ['Link'],
          }),
          ...problems('FORBIDDEN', 'NOT_FOUND', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const user = await graph.execute(
        request,
        ListUserSessionsDocument,
        { id: readPathId(request.params), ...toOptionalPageArguments(request.query) },
        (data) => data.user,
      );
      if (!user) throw accountNotFound();
      return sendSessions(request, reply, user);
    },
  );
};
