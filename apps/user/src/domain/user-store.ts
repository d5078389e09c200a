import type { Problem } from '@cartograph/errors';
import type { NewSession } from './session.ts';
import type { User } from './user.ts';

/** Where accounts and their sessions are kept. */
export type UserStore = {
  readonly insertUser: (user: User, passwordHash: string) => Promise<User | Problem<'EMAIL_TAKEN'>>;
  readonly findUsers: (ids: readonly string[]) => Promise<readonly User[]>;
  readonly findCredentials: (
    email: string,
  ) => Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  readonly insertSession: (session: NewSession) => Promise<void>;
};
