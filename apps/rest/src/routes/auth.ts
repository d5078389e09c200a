import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  LoginDocument,
  MeDocument,
  RegisterDocument,
  UpdateProfileDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { nullable } from '../input/fields.ts';
import { MAX_PASSWORD, textOf } from '../input/texts.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import type { RestApp } from '../rest-app.ts';
import { reference } from '../views/reference.ts';
import { sessionSchema, viewSession } from '../views/session.ts';
import { userSchema, viewUser } from '../views/user.ts';

const tags = ['auth'];

/** RFC 5321, section 4.5.3.1.3. The graph counts octets of the address as it is delivered. */
const EMAIL_MAX = 254;

const credentials = Type.Object(
  {
    email: textOf(EMAIL_MAX, {
      description:
        'What `<input type=email>` takes, and internationalised domains; all spellings of an address are one account.',
    }),
    password: textOf(MAX_PASSWORD, { description: '8 to 128 characters.' }),
  },
  { additionalProperties: false },
);

const profile = Type.Object(
  {
    name: Type.Optional(
      nullable(textOf(100, { description: 'Up to 100 characters; null removes it.' })),
    ),
  },
  { additionalProperties: false },
);

/** Accounts and their sessions. */
export const authRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/auth/register',
    {
      schema: {
        summary: 'Open an account and sign in',
        tags,
        body: credentials,
        response: {
          201: reference(sessionSchema),
          ...problems('EMAIL_TAKEN', 'TOO_MANY_ATTEMPTS', ...unreadable),
        },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      const result = await graph.ask(
        request,
        RegisterDocument,
        { input: { email, password } },
        (data) => data.register,
      );
      const session = viewSession(orRefuse(result));
      return reply.code(201).send(session);
    },
  );

  app.post(
    '/v1/auth/login',
    {
      schema: {
        summary: 'Sign in',
        tags,
        body: credentials,
        response: {
          200: reference(sessionSchema),
          ...problems('INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS', ...unreadable),
        },
      },
    },
    async (request) => {
      const { email, password } = request.body;
      const result = await graph.ask(
        request,
        LoginDocument,
        { input: { email, password } },
        (data) => data.login,
      );
      return viewSession(orRefuse(result));
    },
  );

  app.get(
    '/v1/me',
    {
      schema: {
        summary: 'The account that is signed in',
        tags,
        security: signedIn,
        response: { 200: reference(userSchema), ...problems('UNAUTHENTICATED') },
      },
    },
    async (request) => {
      const user = await graph.ask(request, MeDocument, {}, (data) => data.me);
      if (!user) throw new ShopError('UNAUTHENTICATED');
      return viewUser(user);
    },
  );

  app.patch(
    '/v1/me',
    {
      schema: {
        summary: 'Change what the account says about its owner',
        tags,
        security: signedIn,
        body: profile,
        response: {
          200: reference(userSchema),
          ...problems('UNAUTHENTICATED', ...unreadable),
        },
      },
    },
    async (request) => {
      const result = await graph.ask(
        request,
        UpdateProfileDocument,
        { input: request.body },
        (data) => data.updateProfile,
      );
      return viewUser(orRefuse(result));
    },
  );
};
