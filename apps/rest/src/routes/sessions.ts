import { ShopError } from '@cartograph/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { optionallySignedIn, type RestApp, signedIn } from '../http/describe-api.ts';
import {
  ChangePasswordDocument,
  LogoutDocument,
  LogoutEverywhereDocument,
  MySessionsDocument,
  RefreshSessionDocument,
  RevokeSessionDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { documented, OPTIONAL_BODY } from '../input/documented.ts';
import {
  idParams,
  MAX_PASSWORD,
  optionalBody,
  optionalPageQuery,
  PASSWORD_RULES,
  readPathId,
  reference,
  textOf,
  toOptionalPageArguments,
} from '../input/fields.ts';
import { answer, bodyProblems, inputProblems, noBody, problems } from '../openapi/responses.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { sessionExample } from '../views/examples.ts';
import { makePageLinks } from '../views/page-links.ts';
import { sessionSchema, sessionsSchema, viewSession, viewSessions } from '../views/session.ts';

const tags = ['auth'];

/** A refresh token has 43 characters; future formats may be longer. */
const MAX_TOKEN = 200;

/** The refresh token in examples. */
const TOKEN = { refresh_token: sessionExample.refresh_token };

const refreshToken = Type.Object(
  { refresh_token: textOf(MAX_TOKEN, { description: 'The last one of the session.' }) },
  { additionalProperties: false, ...documented({ examples: [TOKEN] }) },
);

const sessionToEnd = Type.Object(
  {
    refresh_token: Type.Optional(
      textOf(MAX_TOKEN, { description: 'The default is the session of the access token.' }),
    ),
  },
  {
    additionalProperties: false,
    [OPTIONAL_BODY]: true,
    ...documented({ examples: [TOKEN] }),
  },
);

const passwords = Type.Object(
  {
    current_password: textOf(MAX_PASSWORD, { description: 'The password of the account.' }),
    new_password: textOf(MAX_PASSWORD, { description: PASSWORD_RULES, minLength: 1 }),
  },
  {
    additionalProperties: false,
    ...documented({
      examples: [{ current_password: 'correct horse', new_password: 'battery staple' }],
    }),
  },
);

/** What a list of sessions says of itself. */
export const SESSIONS =
  'Last used first, 100 at most. With `limit`, `cursor` or `before` in pages, the latest sign-in first.';

/** The sessions of an account, with the links of a page. */
export const sendSessions = (
  { url }: Pick<FastifyRequest, 'url'>,
  reply: Pick<FastifyReply, 'header'>,
  account: Parameters<typeof viewSessions>[0],
): ReturnType<typeof viewSessions> => {
  const view = viewSessions(account);
  const link = view.page && makePageLinks(url, view.page);
  if (link !== undefined) reply.header('link', link);
  return view;
};

const noContent = { 204: noBody('Done.') };

/** Refreshing, listing and ending sessions. */
export const sessionRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        operationId: 'refreshSession',
        summary: 'Refresh a session; the refresh token can be used once',
        tags,
        body: refreshToken,
        response: {
          200: answer(reference(sessionSchema), {
            description: 'The session, with its next refresh token.',
          }),
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
        operationId: 'logout',
        summary: 'End a session',
        tags,
        // A refresh token is enough.
        security: optionallySignedIn,
        body: sessionToEnd,
        response: { ...noContent, ...problems(...bodyProblems) },
      },
      preValidation: optionalBody,
    },
    async (request, reply) => {
      const result = await graph.execute(
        request,
        LogoutDocument,
        { input: { refreshToken: request.body.refresh_token } },
        (data) => data.logout,
      );
      unwrapOrThrow(result);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/logout-all',
    {
      schema: {
        operationId: 'logoutEverywhere',
        summary: 'End every session of the account',
        tags,
        security: signedIn,
        response: { ...noContent, ...problems(...bodyProblems) },
      },
    },
    async (request, reply) => {
      const result = await graph.execute(
        request,
        LogoutEverywhereDocument,
        {},
        (data) => data.logoutEverywhere,
      );
      unwrapOrThrow(result);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/auth/password',
    {
      schema: {
        operationId: 'changePassword',
        summary: 'Change the password; all other sessions end',
        tags,
        security: signedIn,
        body: passwords,
        response: {
          ...noContent,
          ...problems('INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS', ...bodyProblems),
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
        operationId: 'listSessions',
        summary: 'The sessions of the account',
        description: SESSIONS,
        tags,
        security: signedIn,
        querystring: optionalPageQuery,
        response: {
          200: answer(sessionsSchema, {
            description: 'The sessions that have not ended.',
            headers: ['Link'],
          }),
          ...problems(...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const variables = toOptionalPageArguments(request.query);
      const user = await graph.execute(request, MySessionsDocument, variables, (data) => data.me);
      if (!user) throw new ShopError('UNAUTHENTICATED');
      return sendSessions(request, reply, user);
    },
  );

  app.delete(
    '/v1/me/sessions/:id',
    {
      schema: {
        operationId: 'endSession',
        summary: 'End one session of the account',
        tags,
        security: signedIn,
        params: idParams,
        response: {
          ...noContent,
          ...problems('NOT_FOUND', 'SESSION_NOT_FOUND', ...bodyProblems),
        },
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
