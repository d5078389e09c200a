import type { Role } from '@cartograph/auth';
import type { Problem } from '@cartograph/errors';
import type { User } from './user.ts';

/** Where accounts are stored. */
export type UserStore = {
  /** @param options.isDemo of an account whose password is published: for `npm start` only */
  readonly insertUser: (
    user: User,
    passwordHash: string,
    options?: { readonly isDemo: boolean },
  ) => Promise<User | Problem<'EMAIL_TAKEN'>>;
  readonly findUsers: (ids: readonly string[]) => Promise<readonly User[]>;
  /** The addresses of the accounts that `npm start` made, with published passwords. */
  readonly findDemoEmails: () => Promise<readonly string[]>;
  readonly findCredentials: (
    email: string,
  ) => Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  readonly updateName: (id: string, name: string | null) => Promise<User | null>;
  /**
   * Writes a role and revokes the account's sessions, whose access tokens have the former role, in
   * one transaction. @returns how many were revoked; null when there is no such account
   */
  readonly updateRole: (email: string, role: Role) => Promise<number | null>;
  /**
   * Writes a new hash in place of `oldHash` and revokes the account's other sessions, in one
   * transaction. @returns how many were revoked; null when the hash was changed in the meantime
   */
  readonly updatePassword: (change: {
    userId: string;
    oldHash: string;
    newHash: string;
    keepSessionId: string;
  }) => Promise<number | null>;
  /** Writes a stronger hash of the same password, unless the password was changed meanwhile. */
  readonly rehash: (userId: string, oldHash: string, newHash: string) => Promise<void>;
};
