import type { Viewer } from '@cartograph/auth';
import {
  isProblem,
  problem,
  ShopError,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import { text, validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import { z } from 'zod';
import { findCredentialFaults, readEmail, readPassword, type PasswordRule } from './credentials.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { UserStore } from './user-store.ts';
import type { User } from './user.ts';

type Credentials = { readonly email: string; readonly password: string };

/** What can be done with accounts. */
export type Users = {
  /** Opens an account and signs it in. */
  readonly register: (
    input: Credentials,
    device: string | null,
  ) => Promise<Session | Problem<'EMAIL_TAKEN'> | ValidationFailed>;
  /** Signs in. An unknown address reads the same as a wrong password, and costs the same. */
  readonly login: (
    input: Credentials,
    device: string | null,
  ) => Promise<Session | Problem<'INVALID_CREDENTIALS'>>;
  /** Changes the password and ends every other session. @returns how many ended */
  readonly changePassword: (
    viewer: Viewer,
    input: { readonly currentPassword: string; readonly newPassword: string },
  ) => Promise<number | Problem<'INVALID_CREDENTIALS'> | ValidationFailed>;
  readonly updateProfile: (
    viewer: Viewer,
    input: { readonly name?: string | null | undefined },
  ) => Promise<User | ValidationFailed>;
  readonly findUsers: UserStore['findUsers'];
};

const profileInput = z.object({ name: text(0, 100).nullish() });

/** Makes the rules of accounts over where they are kept. */
export const makeUsers = (deps: {
  store: UserStore;
  sessions: Sessions;
  hasher: PasswordHasher;
  passwordRule: PasswordRule;
}): Users => {
  const { store, sessions, hasher, passwordRule } = deps;

  const getUser = async (id: string): Promise<User> => {
    const [user] = await store.findUsers([id]);
    // A token outlives its account by minutes: it speaks for nobody then.
    if (!user) throw new ShopError('UNAUTHENTICATED');
    return user;
  };

  return {
    register: async (input, device) => {
      const faults = findCredentialFaults(input, passwordRule);
      const email = readEmail(input.email);
      if (faults.length > 0 || email === null) return validationFailed(faults);
      const passwordHash = await hasher.hash(readPassword(input.password));
      const now = new Date();
      const user = await store.insertUser(
        { id: makeId(), email, name: null, role: 'USER', createdAt: now, updatedAt: now },
        passwordHash,
      );
      return isProblem(user) ? user : sessions.open(user, device);
    },

    login: async (input, device) => {
      const email = readEmail(input.email);
      const password = readPassword(input.password);
      const found = email === null ? null : await store.findCredentials(email);
      const matches = await hasher.verify(password, found?.passwordHash ?? null);
      if (!found || !matches) return problem('INVALID_CREDENTIALS');
      const { user, passwordHash } = found;
      if (hasher.isOutdated(passwordHash)) {
        await store.rehash(user.id, passwordHash, await hasher.hash(password));
      }
      return sessions.open(user, device);
    },

    changePassword: async (viewer, { currentPassword, newPassword }) => {
      const faults = passwordRule('newPassword', newPassword);
      if (faults.length > 0) return validationFailed(faults);
      const { email } = await getUser(viewer.id);
      const found = await store.findCredentials(email);
      const oldHash = found?.passwordHash ?? null;
      const matches = await hasher.verify(readPassword(currentPassword), oldHash);
      if (!matches || oldHash === null) return problem('INVALID_CREDENTIALS');
      const ended = await store.updatePassword({
        userId: viewer.id,
        oldHash,
        newHash: await hasher.hash(readPassword(newPassword)),
        keepSessionId: viewer.sessionId,
      });
      return ended ?? problem('INVALID_CREDENTIALS');
    },

    updateProfile: async (viewer, input) => {
      const fields = validate(profileInput, input);
      if (isProblem(fields)) return fields;
      if (fields.name === undefined) return getUser(viewer.id);
      const name = fields.name?.trim() || null;
      const user = await store.updateName(viewer.id, name);
      return user ?? getUser(viewer.id);
    },

    findUsers: store.findUsers,
  };
};
