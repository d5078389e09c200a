import type { AccessToken, Viewer } from '@cartograph/auth';
import {
  isProblem,
  problem,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import { v7 as makeId } from 'uuid';
import { findCredentialFaults, readEmail, readPassword } from './credentials.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { makeRefreshToken, type Session, type SessionLifetime } from './session.ts';
import type { UserStore } from './user-store.ts';
import type { User } from './user.ts';

type Credentials = { readonly email: string; readonly password: string };

/** What can be done with accounts. */
export type Users = {
  /** Opens an account and signs it in. */
  readonly register: (
    input: Credentials,
  ) => Promise<Session | Problem<'EMAIL_TAKEN'> | ValidationFailed>;
  /** Signs in. An unknown address reads the same as a wrong password, and costs the same. */
  readonly login: (input: Credentials) => Promise<Session | Problem<'INVALID_CREDENTIALS'>>;
  readonly findUsers: UserStore['findUsers'];
};

/** Makes the rules of accounts over where they are kept. */
export const makeUsers = (deps: {
  store: UserStore;
  hasher: PasswordHasher;
  signToken: (viewer: Viewer, now: Date) => AccessToken;
  lifetime: SessionLifetime;
}): Users => {
  const { store, hasher, signToken, lifetime } = deps;

  const openSession = async (user: User): Promise<Session> => {
    const now = new Date();
    const refreshToken = makeRefreshToken();
    const refreshTokenExpiresAt = new Date(now.getTime() + lifetime.idleMs);
    await store.insertSession({
      id: makeId(),
      userId: user.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetime.absoluteMs),
      refreshTokenHash: refreshToken.hash,
      refreshTokenExpiresAt,
    });
    const accessToken = signToken({ id: user.id, role: user.role }, now);
    return {
      accessToken: accessToken.token,
      accessTokenExpiresAt: accessToken.expiresAt,
      refreshToken: refreshToken.token,
      refreshTokenExpiresAt,
      user,
    };
  };

  return {
    register: async (input) => {
      const faults = findCredentialFaults(input);
      const email = readEmail(input.email);
      if (faults.length > 0 || email === null) return validationFailed(faults);
      const passwordHash = await hasher.hash(readPassword(input.password));
      const now = new Date();
      const user = await store.insertUser(
        { id: makeId(), email, role: 'USER', createdAt: now, updatedAt: now },
        passwordHash,
      );
      return isProblem(user) ? user : openSession(user);
    },

    login: async (input) => {
      const email = readEmail(input.email);
      const found = email === null ? null : await store.findCredentials(email);
      const matches = await hasher.verify(
        readPassword(input.password),
        found?.passwordHash ?? null,
      );
      return found && matches ? openSession(found.user) : problem('INVALID_CREDENTIALS');
    },

    findUsers: store.findUsers,
  };
};
