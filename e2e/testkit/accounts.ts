import { randomUUID } from 'node:crypto';
import { restOrThrow } from './rest.ts';

/** An account that is signed in. */
export type Account = {
  readonly id: string;
  readonly email: string;
  /** Of the session that it was registered or signed in with. */
  readonly token: string;
  readonly refreshToken: string;
};

/** The password of new accounts. */
export const PASSWORD = 'correct horse battery';

const send = async (path: string, email: string, password: string): Promise<Account> => {
  const body = await restOrThrow('POST', path, { body: { email, password } });
  const { id } = body.user as { id: string };
  return { id, email, token: body.access_token, refreshToken: body.refresh_token };
};

/** Registers an account that only this test uses. */
export const newShopper = (): Promise<Account> =>
  send('/v1/auth/register', `${randomUUID()}@example.com`, PASSWORD);

/** Opens another session of an account. */
export const signIn = (email: string, password = PASSWORD): Promise<Account> =>
  send('/v1/auth/login', email, password);

/** Signs in as an administrator: the one of the demo, or the one that was named of a remote shop. */
export const admin = (): Promise<Account> => {
  const { E2E_REMOTE, E2E_ADMIN_EMAIL = '', E2E_ADMIN_PASSWORD = '' } = process.env;
  return E2E_REMOTE
    ? signIn(E2E_ADMIN_EMAIL, E2E_ADMIN_PASSWORD)
    : signIn('admin@example.com', 'cartograph-admin');
};
