import { Type, type Static } from 'typebox';
import type { SessionFieldsFragment } from '../generated/operations.ts';
import { reference } from './reference.ts';
import { userSchema, viewUser } from './user.ts';

export const sessionSchema = Type.Object(
  {
    user: reference(userSchema),
    access_token: Type.String({ description: 'Send it as `Authorization: Bearer <token>`.' }),
    refresh_token: Type.String({ description: 'Good for one new session.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token is no longer good.' }),
  },
  { $id: 'Session', description: 'A sign-in, in the words of RFC 6749, section 5.1.' },
);

const secondsUntil = (time: string): number =>
  Math.max(0, Math.floor((Date.parse(time) - Date.now()) / 1_000));

/** A sign-in as this door writes it. */
export const viewSession = (session: SessionFieldsFragment): Static<typeof sessionSchema> => ({
  user: viewUser(session.user),
  access_token: session.accessToken,
  refresh_token: session.refreshToken,
  token_type: 'Bearer',
  expires_in: secondsUntil(session.accessTokenExpiresAt),
});
