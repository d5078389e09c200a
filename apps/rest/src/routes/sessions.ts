import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { bodyProblems, problems, type RestApp, signedIn } from '../http/describe-api.ts';
import {
  ChangePasswordDocument,
  LogoutDocument,
  LogoutEverywhereDocument,
  MySessionsDocument,
  RefreshSessionDocument,
  RevokeSessionDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import {
  idParams,
  MAX_PASSWORD,
  optionalBody,
  readPathId,
  reference,
  textOf,
} from '../input/fields.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import {
  activeSessionSchema,
  sessionSchema,
  viewActiveSession,
  viewSession,
} from '../views/session.ts';

const tags = ['auth'];

/** A refresh token has 43 characters; future formats may be longer. */
const MAX_TOKEN = 200;

const refreshToken = Type.Object(
  { refresh_token: textOf(MAX_TOKEN) },
  { additionalProperties: false },
);

const sessionToEnd = Type.Object(
  {
    refresh_token: Type.Optional(
      textOf(MAX_TOKEN, { description: 'The default is the session of the access token.' }),
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

const noContent = { 204: Type.Null({ description: 'Done.' }) };

/** Refreshing, listing and ending sessions. */
export const sessionRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        summary: 'Refresh a session; the refresh token can be used once',
        tags,
        body: refreshToken,
        response: {
          200: reference(sessionSchema),
          ...problems('INVALID_REFRESH_TOKEN', 'TOO_MANY_ATTEMPTS', ...bodyProblems),
        },
      },
    },
    async (request) => {
      const result = await graph.execute(
        request,
        RefreshSessionDocument,
        { input: { refreshToken: request.body.refresh_token } },
        (data) => data.refreshSession,
      );
      return viewSession(unwrapOrThrow(result));
    },
  );

  app.post(
    '/v1/auth/logout',
    {
      schema: {
        summary: 'End a session',
        tags,
        security: signedIn,
        body: sessionToEnd,
        response: { ...noContent, ...problems('UNAUTHENTICATED', ...bodyProblems) },
      },
      preValidation: optionalBody,
    },
    async (request, reply) => {
      await graph.execute(
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
        response: { ...noContent, ...problems('UNAUTHENTICATED') },
      },
    },
    async (request, reply) => {
      await graph.execute(request, LogoutEverywhereDocument, {}, (data) => data.logoutEverywhere);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/password',
    {
      schema: {
        summary: 'Change the password; all other sessions end',
        tags,
        security: signedIn,
        body: passwords,
        response: {
          ...noContent,
          ...problems(
            'INVALID_CREDENTIALS',
            'TOO_MANY_ATTEMPTS',
            'UNAUTHENTICATED',
            ...bodyProblems,
          ),
        },
      },
    },
    async (request, reply) => {
      const { current_password: currentPassword, new_password: newPassword } = request.body;
      const result = await graph.execute(
        request,
        ChangePasswordDocument,
        { input: { currentPassword, newPassword } },
        (data) => data.changePassword,
      );
      unwrapOrThrow(result);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/me/sessions',
    {
      schema: {
        summary: 'The sessions of the account',
        description: 'Last used first, 100 at most.',
        tags,
        security: signedIn,
        response: {
          200: Type.Object({ data: Type.Array(reference(activeSessionSchema)) }),
          ...problems('UNAUTHENTICATED'),
        },
      },
    },
    async (request) => {
      const user = await graph.execute(request, MySessionsDocument, {}, (data) => data.me);
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
        response: { ...noContent, ...problems('SESSION_NOT_FOUND', 'UNAUTHENTICATED') },
      },
    },
    async (request, reply) => {
      const result = await graph.execute(
        request,
        RevokeSessionDocument,
        { input: { sessionId: readPathId(request.params) } },
        (data) => data.revokeSession,
      );
      unwrapOrThrow(result);
      return reply.code(204).send(null);
    },
  );
};
