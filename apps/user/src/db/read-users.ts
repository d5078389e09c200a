import { readRows, type Reads } from '@cartograph/postgres';
import type { User } from '../domain/user.ts';
import { toKnownUser, USER_SELECTION } from './rows.ts';

const FIND = `/* user.find */ SELECT ${USER_SELECTION} FROM users WHERE id = ANY ($1::uuid[])`;

const FIND_CREDENTIALS = `/* user.find_credentials */
  SELECT ${USER_SELECTION}, password_hash AS "passwordHash" FROM users WHERE email = $1`;

/** The accounts with these ids, in any order. */
export const findUsers = async (reads: Reads, ids: readonly string[]): Promise<readonly User[]> =>
  (await readRows<User>(reads, { text: FIND, values: [ids] })).map(toKnownUser);

/** The account with this address and its password hash; null when there is none. */
export const findCredentials = async (
  reads: Reads,
  email: string,
): Promise<{ readonly user: User; readonly passwordHash: string } | null> => {
  const statement = { text: FIND_CREDENTIALS, values: [email] };
  const [row] = await readRows<User & { readonly passwordHash: string }>(reads, statement);
  if (!row) return null;
  const { passwordHash, ...user } = row;
  return { user: toKnownUser(user), passwordHash };
};
