import { ShopError } from '@cartograph/errors';
import { Type } from 'typebox';
import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  LoginDocument,
  MeDocument,
  RegisterDocument,
  UpdateProfileDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { documented } from '../input/documented.ts';
import { MAX_PASSWORD, nullable, PASSWORD_RULES, reference, textOf } from '../input/fields.ts';
import { answer, bodyProblems, PATCH_TYPES, problems } from '../openapi/responses.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { sessionSchema, userSchema, viewSession, viewUser } from '../views/session.ts';

const tags = ['auth'];

/** RFC 5321, section 4.5.3.1.3. The graph counts the octets of the normalised address. */
const EMAIL_MAX = 254;

/** The graph checks more of a new account than of a sign-in. */
const credentialsOf = (password: string) =>
  Type.Object(
    {
      email: textOf(EMAIL_MAX, {
        description:
          'As `<input type=email>`, or with an internationalised domain. Not case-sensitive.',
        format: 'idn-email',
      }),
      password: textOf(MAX_PASSWORD, { description: password, minLength: 1 }),
    },
    {
      additionalProperties: false,
      ...documented({ examples: [{ email: 'ann@example.com', password: 'correct horse' }] }),
    },
  );

const newCredentials = credentialsOf(PASSWORD_RULES);

const credentials = credentialsOf('The password of the account.');

const profile = Type.Object(
  {
    name: Type.Optional(
      nullable(textOf(100, { description: 'Up to 100 characters; null removes it.' })),
    ),
  },
  { additionalProperties: false, ...documented({ examples: [{ name: 'Ann' }] }) },
);

/** Registration, sign-in and the profile. */
export const authRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/auth/register',
    {
      schema: {
        operationId: 'register',
        summary: 'Create an account and sign in',
        tags,
        body: newCredentials,
        response: {
          201: answer(reference(sessionSchema), {
            description: 'The account was created, and this is its first session.',
          }),
          ...problems('EMAIL_TAKEN', 'TOO_MANY_ATTEMPTS', ...bodyProblems),
        },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      const result = await graph.execute(
        request,
        RegisterDocument,
        { input: { email, password } },
        (data) => data.register,
      );
      const session = viewSession(unwrapOrThrow(result));
      return reply.code(201).send(session);
    },
  );

  app.post(
    '/v1/auth/login',
    {
      schema: {
        operationId: 'login',
        summary: 'Sign in',
        tags,
        body: credentials,
        response: {
          200: answer(reference(sessionSchema), { description: 'A new session.' }),
          ...problems('INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS', ...bodyProblems),
        },
      },
    },
    async (request) => {
      const { email, password } = request.body;
      const result = await graph.execute(
        request,
        LoginDocument,
        { input: { email, password } },
        (data) => data.login,
      );
      return viewSession(unwrapOrThrow(result));
    },
  );

  app.get(
    '/v1/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'The current account',
        tags,
        security: signedIn,
        response: {
          200: answer(reference(userSchema), { description: 'The account.' }),
          ...problems(),
        },
      },
    },
    async (request) => {
      const user = await graph.execute(request, MeDocument, {}, (data) => data.me);
      if (!user) throw new ShopError('UNAUTHENTICATED');
      return viewUser(user);
    },
  );

  app.patch(
    '/v1/me',
    {
      schema: {
        operationId: 'updateMe',
        summary: 'Change the profile of the account',
        tags,
        security: signedIn,
        body: profile,
        consumes: PATCH_TYPES,
        response: {
          200: answer(reference(userSchema), { description: 'The account as it is now.' }),
          ...problems(...bodyProblems),
        },
      },
    },
    async (request) => {
      const result = await graph.execute(
        request,
        UpdateProfileDocument,
        { input: request.body },
        (data) => data.updateProfile,
      );
      return viewUser(unwrapOrThrow(result));
    },
  );
};
