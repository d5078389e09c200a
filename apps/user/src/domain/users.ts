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
import type { Client } from './client.ts';
import { findCredentialFaults, readPassword, type PasswordRule } from './credentials.ts';
import { EMAIL_MAX, readEmail } from './email.ts';
import type { HashingShares } from './hashing-shares.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Attempt, Throttle, TooManyAttempts } from './throttle.ts';
import type { UserStore } from './user-store.ts';
import type { User } from './user.ts';

type Credentials = { readonly email: string; readonly password: string };

/** What can be done with accounts. */
export type Users = {
  /** Opens an account and signs it in. */
  readonly register: (
    input: Credentials,
    client: Client,
  ) => Promise<Session | Problem<'EMAIL_TAKEN'> | TooManyAttempts | ValidationFailed>;
  /** Signs in. An unknown address reads the same as a wrong password, and costs the same. */
  readonly login: (
    input: Credentials,
    client: Client,
  ) => Promise<Session | Problem<'INVALID_CREDENTIALS'> | TooManyAttempts>;
  /** Changes the password and ends every other session. @returns how many ended */
  readonly changePassword: (
    viewer: Viewer,
    input: { readonly currentPassword: string; readonly newPassword: string },
    client: Client,
  ) => Promise<number | Problem<'INVALID_CREDENTIALS'> | TooManyAttempts | ValidationFailed>;
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
  sessions: Pick<Sessions, 'open'>;
  hasher: PasswordHasher;
  shares: HashingShares;
  passwordRule: PasswordRule;
  /** Addresses of which no account may be opened or signed in to. */
  reservedEmails: ReadonlySet<string>;
  throttle: Throttle;
}): Users => {
  const { store, sessions, hasher, shares, passwordRule, reservedEmails, throttle } = deps;

  const getUser = async (id: string): Promise<User> => {
    const [user] = await store.findUsers([id]);
    // A token outlives its account by minutes: it speaks for nobody then.
    if (!user) throw new ShopError('UNAUTHENTICATED');
    return user;
  };

  const signIn = async (
    email: string | null,
    password: string | null,
    client: Client,
    attempt: Attempt,
  ): Promise<Session | Problem<'INVALID_CREDENTIALS'> | TooManyAttempts> => {
    const isPossible = email !== null && password !== null && !reservedEmails.has(email);
    const found = isPossible ? await store.findCredentials(email) : null;
    // A password that is too long to be one costs what a wrong one does, and reads the same.
    const matches = await hasher.verify(password ?? '', found?.passwordHash ?? null, attempt.count);
    if (isProblem(matches)) return matches;
    if (!found || !matches || password === null) return problem('INVALID_CREDENTIALS');
    await attempt.forgive();
    const { user, passwordHash } = found;
    if (!hasher.isOutdated(passwordHash)) {
      const session = await sessions.open(user, client.device, passwordHash);
      if (session) return session;
    } else {
      await store.rehash(user.id, passwordHash, await hasher.hash(password));
    }
    // The hash is another by now: a dearer one of this password, or one of a new password.
    const current = await store.findCredentials(user.email);
    if (!current || (await hasher.verify(password, current.passwordHash)) !== true) {
      return problem('INVALID_CREDENTIALS');
    }
    const session = await sessions.open(current.user, client.device, current.passwordHash);
    return session ?? problem('INVALID_CREDENTIALS');
  };

  return {
    register: async (input, client) => {
      const faults = findCredentialFaults(input, passwordRule);
      const email = readEmail(input.email);
      const password = readPassword(input.password);
      if (faults.length > 0 || email === null || password === null) return validationFailed(faults);
      const attempt = throttle.register(client.address);
      const refused = await attempt.check();
      if (refused) return refused;
      const passwordHash = await shares.within(
        { operation: 'register', email, address: client.address, isKnown: async () => false },
        () => hasher.hash(password, attempt.count),
      );
      if (isProblem(passwordHash)) return passwordHash;
      // Reads as an account that is there, and costs the same.
      if (reservedEmails.has(email)) return problem('EMAIL_TAKEN');
      const now = new Date();
      const user = await store.insertUser(
        { id: makeId(), email, name: null, role: 'USER', createdAt: now, updatedAt: now },
        passwordHash,
      );
      if (isProblem(user)) return user;
      const session = await sessions.open(user, client.device, passwordHash);
      if (!session) throw new Error('the password of a new account is another');
      return session;
    },

    login: async (input, client) => {
      const email = readEmail(input.email);
      // What is no address, and whom nobody knows, counts as an account does.
      const counted = email ?? input.email.slice(0, EMAIL_MAX);
      const { address } = client;
      const attempt = throttle.login(counted, address);
      const refused = await attempt.check();
      if (refused) return refused;
      const isKnown = () => throttle.isKnown(counted, address);
      return shares.within({ operation: 'login', email: counted, address, isKnown }, () =>
        signIn(email, readPassword(input.password), client, attempt),
      );
    },

    changePassword: async (viewer, { currentPassword, newPassword }, client) => {
      const faults = passwordRule('newPassword', newPassword);
      const wanted = readPassword(newPassword);
      if (faults.length > 0 || wanted === null) return validationFailed(faults);
      const attempt = throttle.changePassword(viewer.id);
      const refused = await attempt.check();
      if (refused) return refused;
      const { email } = await getUser(viewer.id);
      const { address } = client;
      const isKnown = async () => false;
      return shares.within({ operation: 'changePassword', email, address, isKnown }, async () => {
        const found = await store.findCredentials(email);
        const oldHash = found?.passwordHash ?? null;
        const password = readPassword(currentPassword);
        const matches = await hasher.verify(password ?? '', oldHash, attempt.count);
        if (isProblem(matches)) return matches;
        if (!matches || password === null || oldHash === null) {
          return problem('INVALID_CREDENTIALS');
        }
        await attempt.forgive();
        const ended = await store.updatePassword({
          userId: viewer.id,
          oldHash,
          newHash: await hasher.hash(wanted),
          keepSessionId: viewer.sessionId,
        });
        return ended ?? problem('INVALID_CREDENTIALS');
      });
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
