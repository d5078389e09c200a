import { Type, type Static } from 'typebox';
import type {
  ActiveSessionFieldsFragment,
  MySessionsQuery,
  SessionFieldsFragment,
  UserFieldsFragment,
} from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable, oneOf, reference } from '../input/fields.ts';
import { activeSessionExample, sessionExample, userExample } from './examples.ts';
import { time, uuid } from './fields.ts';
import { optionalPageOf, viewPage } from './page.ts';

export const userSchema = Type.Object(
  {
    id: uuid(),
    email: Type.String({ maxLength: 254 }),
    name: nullable(Type.String({ maxLength: 100, description: 'The display name.' })),
    role: oneOf(['USER', 'ADMIN']),
    created_at: time(),
    updated_at: Type.Optional(time('When the account was last changed.')),
  },
  {
    $id: 'User',
    description: 'An account of the shop.',
    ...documented({ examples: [userExample] }),
  },
);

/** The REST form of an account. */
export const viewUser = (user: UserFieldsFragment): Static<typeof userSchema> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  created_at: user.createdAt,
  updated_at: user.updatedAt,
});

export const sessionSchema = Type.Object(
  {
    user: reference(userSchema),
    access_token: Type.String({ description: 'Send it as `Authorization: Bearer <token>`.' }),
    refresh_token: Type.String({ description: 'Valid for one refresh.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({
      minimum: 0,
      description: 'Seconds until the access token expires.',
    }),
    refresh_expires_in: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Seconds until the refresh token expires. RFC 6749 has no name for it.',
      }),
    ),
  },
  {
    $id: 'Session',
    description: 'A session, with the names of RFC 6749, section 5.1.',
    ...documented({ examples: [sessionExample] }),
  },
);

const secondsUntil = (time: string): number =>
  Math.max(0, Math.floor((Date.parse(time) - Date.now()) / 1_000));

/** The REST form of a new session. */
export const viewSession = (session: SessionFieldsFragment): Static<typeof sessionSchema> => ({
  user: viewUser(session.user),
  access_token: session.accessToken,
  refresh_token: session.refreshToken,
  token_type: 'Bearer',
  expires_in: secondsUntil(session.accessTokenExpiresAt),
  refresh_expires_in: secondsUntil(session.refreshTokenExpiresAt),
});

export const activeSessionSchema = Type.Object(
  {
    id: uuid(),
    device: nullable(Type.String({ description: 'The user agent of the client.' })),
    created_at: time(),
    last_used_at: time(),
    current: Type.Boolean({ description: 'True for the session of this request.' }),
  },
  {
    $id: 'ActiveSession',
    description: 'A session that has not ended.',
    ...documented({ examples: [activeSessionExample] }),
  },
);

/** The REST form of a session that has not ended. */
export const viewActiveSession = (
  session: ActiveSessionFieldsFragment,
): Static<typeof activeSessionSchema> => ({
  id: session.id,
  device: session.device,
  created_at: session.createdAt,
  last_used_at: session.lastUsedAt,
  current: session.current,
});

/** The sessions of an account: all of them, or a page. */
export const sessionsSchema = optionalPageOf(reference(activeSessionSchema));

type Sessions = Pick<NonNullable<MySessionsQuery['me']>, 'sessions' | 'sessionsConnection'>;

/** The REST form of the sessions of an account. */
export const viewSessions = ({
  sessions = [],
  sessionsConnection: connection,
}: Sessions): Static<typeof sessionsSchema> =>
  connection
    ? { data: connection.nodes.map(viewActiveSession), page: viewPage(connection.pageInfo) }
    : { data: sessions.map(viewActiveSession) };
