import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  ChangePasswordDocument,
  LogoutDocument,
  LogoutEverywhereDocument,
  MySessionsDocument,
  RefreshSessionDocument,
  RevokeSessionDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { bodyIfAny, idParams, readPathId } from '../input/fields.ts';
import { MAX_PASSWORD, textOf } from '../input/texts.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import type { RestApp } from '../rest-app.ts';
import { activeSessionSchema, viewActiveSession } from '../views/active-session.ts';
import { reference } from '../views/reference.ts';
import { sessionSchema, viewSession } from '../views/session.ts';

const tags = ['auth'];

/** A refresh token has 43 characters; this leaves room for others. */
const MAX_TOKEN = 200;

const refreshToken = Type.Object(
  { refresh_token: textOf(MAX_TOKEN) },
  { additionalProperties: false },
);

const whichSession = Type.Object(
  {
    refresh_token: Type.Optional(
      textOf(MAX_TOKEN, { description: 'Without it, the session of the access token ends.' }),
    ),
  },
  { additionalProperties: false },
);

const passwords = Type.Object(
  {
    current_password: textOf(MAX_PASSWORD),
    new_password: textOf(MAX_PASSWORD, { description: '8 to 128 characters.' }),
  },
  { additionalProperties: false },
);

const nothing = { 204: Type.Null({ description: 'Done.' }) };

/** How a sign-in goes on and ends. */
export const sessionRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        summary: 'Go on with a session; the refresh token is used up',
        tags,
        body: refreshToken,
        response: {
          200: reference(sessionSchema),
          ...problems('INVALID_REFRESH_TOKEN', 'TOO_MANY_ATTEMPTS', ...unreadable),
        },
      },
    },
    async (request) => {
      const result = await graph.ask(
        request,
        RefreshSessionDocument,
        { input: { refreshToken: request.body.refresh_token } },
        (data) => data.refreshSession,
      );
      return viewSession(orRefuse(result));
    },
  );

  app.post(
    '/v1/auth/logout',
    {
      schema: {
        summary: 'End a session',
        tags,
        security: signedIn,
        body: whichSession,
        response: { ...nothing, ...problems('UNAUTHENTICATED', ...unreadable) },
      },
      preValidation: bodyIfAny,
    },
    async (request, reply) => {
      await graph.ask(
        request,
        LogoutDocument,
        { input: { refreshToken: request.body.refresh_token } },
        (data) => data.logout,
      );
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/logout-all',
    {
      schema: {
        summary: 'End every session of the account',
        tags,
        security: signedIn,
        response: { ...nothing, ...problems('UNAUTHENTICATED') },
      },
    },
    async (request, reply) => {
      await graph.ask(request, LogoutEverywhereDocument, {}, (data) => data.logoutEverywhere);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/password',
    {
      schema: {
        summary: 'Change the password; every other session ends',
        tags,
        security: signedIn,
        body: passwords,
        response: {
          ...nothing,
          ...problems('INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS', 'UNAUTHENTICATED', ...unreadable),
        },
      },
    },
    async (request, reply) => {
      const { current_password: currentPassword, new_password: newPassword } = request.body;
      const result = await graph.ask(
        request,
        ChangePasswordDocument,
        { input: { currentPassword, newPassword } },
        (data) => data.changePassword,
      );
      orRefuse(result);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/me/sessions',
    {
      schema: {
        summary: 'Where the account is signed in',
        description: 'The last used first, 100 at most.',
        tags,
        security: signedIn,
        response: {
          200: Type.Object({ data: Type.Array(reference(activeSessionSchema)) }),
          ...problems('UNAUTHENTICATED'),
        },
      },
    },
    async (request) => {
      const user = await graph.ask(request, MySessionsDocument, {}, (data) => data.me);
      if (!user) throw new ShopError('UNAUTHENTICATED');
      return { data: user.sessions.map(viewActiveSession) };
    },
  );

  app.delete(
    '/v1/me/sessions/:id',
    {
      schema: {
        summary: 'End one session of the account',
        tags,
        security: signedIn,
        params: idParams,
        response: { ...nothing, ...problems('SESSION_NOT_FOUND', 'UNAUTHENTICATED') },
      },
    },
    async (request, reply) => {
      const result = await graph.ask(
        request,
        RevokeSessionDocument,
        { input: { sessionId: readPathId(request.params) } },
        (data) => data.revokeSession,
      );
      orRefuse(result);
      return reply.code(204).send(null);
    },
  );
};
