import type { Viewer } from '@cartograph/auth';
import {
  isProblem,
  problem,
  ShopError,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { Client } from './client.ts';
import type { HashingShares } from './hashing-shares.ts';
import {
  EMAIL_MAX,
  findCredentialFaults,
  normalizeEmail,
  normalizePassword,
  profileInput,
  type PasswordRule,
} from './input.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Attempt, Throttle, TooManyAttempts } from './throttle.ts';
import type { UserStore } from './user-store.ts';
import type { User } from './user.ts';

type Credentials = { readonly email: string; readonly password: string };

/** The operations on accounts. */
export type Users = {
  /** Creates an account and signs it in. */
  readonly register: (
    input: Credentials,
    client: Client,
  ) => Promise<Session | Problem<'EMAIL_TAKEN'> | TooManyAttempts | ValidationFailed>;
  /** Signs in. An unknown address has the same result and cost as a wrong password. */
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

/** Makes the operations on accounts over their store. */
export const makeUsers = (deps: {
  store: UserStore;
  sessions: Pick<Sessions, 'open'>;
  hasher: PasswordHasher;
  shares: HashingShares;
  passwordRule: PasswordRule;
  /** Addresses that no client may register or sign in with. */
  reservedEmails: ReadonlySet<string>;
  throttle: Throttle;
}): Users => {
  const { store, sessions, hasher, shares, passwordRule, reservedEmails, throttle } = deps;

  const getUser = async (id: string): Promise<User> => {
    const [user] = await store.findUsers([id]);
    // The account may be deleted before its access token expires.
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
    // A password that is too long has the same result and cost as a wrong one.
    const matches = await hasher.verify(password ?? '', found?.passwordHash ?? null, attempt.count);
    if (isProblem(matches)) return matches;
    if (!found || !matches || password === null) return problem('INVALID_CREDENTIALS');
    await attempt.recordSuccess();
    const { user, passwordHash } = found;
    if (!hasher.isOutdated(passwordHash)) {
      const session = await sessions.open(user, client.device, passwordHash);
      if (session) return session;
    } else {
      await store.rehash(user.id, passwordHash, await hasher.hash(password));
    }
    // The hash was replaced: by a stronger one of this password, or by one of a new password.
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
      const email = normalizeEmail(input.email);
      const password = normalizePassword(input.password);
      if (faults.length > 0 || email === null || password === null) return validationFailed(faults);
      const attempt = throttle.register(client.address);
      const tooMany = await attempt.check();
      if (tooMany) return tooMany;
      const passwordHash = await shares.within(
        { operation: 'register', email, address: client.address, isKnown: async () => false },
        () => hasher.hash(password, attempt.count),
      );
      if (isProblem(passwordHash)) return passwordHash;
      // The same result and cost as for an existing account.
      if (reservedEmails.has(email)) return problem('EMAIL_TAKEN');
      const now = new Date();
      const user = await store.insertUser(
        { id: makeId(), email, name: null, role: 'USER', createdAt: now, updatedAt: now },
        passwordHash,
      );
      if (isProblem(user)) return user;
      const session = await sessions.open(user, client.device, passwordHash);
      if (!session) throw new Error('the password of a new account was changed');
      return session;
    },

    login: async (input, client) => {
      const email = normalizeEmail(input.email);
      // Invalid and unknown addresses count as accounts do.
      const counted = email ?? input.email.slice(0, EMAIL_MAX);
      const { address } = client;
      const attempt = throttle.login(counted, address);
      const tooMany = await attempt.check();
      if (tooMany) return tooMany;
      const isKnown = () => throttle.isKnown(counted, address);
      return shares.within({ operation: 'login', email: counted, address, isKnown }, () =>
        signIn(email, normalizePassword(input.password), client, attempt),
      );
    },

    changePassword: async (viewer, { currentPassword, newPassword }, client) => {
      const faults = passwordRule('newPassword', newPassword);
      const newNormalized = normalizePassword(newPassword);
      if (faults.length > 0 || newNormalized === null) return validationFailed(faults);
      const attempt = throttle.changePassword(viewer.id);
      const tooMany = await attempt.check();
      if (tooMany) return tooMany;
      const { email } = await getUser(viewer.id);
      const { address } = client;
      const isKnown = async () => false;
      return shares.within({ operation: 'changePassword', email, address, isKnown }, async () => {
        const found = await store.findCredentials(email);
        const oldHash = found?.passwordHash ?? null;
        const password = normalizePassword(currentPassword);
        const matches = await hasher.verify(password ?? '', oldHash, attempt.count);
        if (isProblem(matches)) return matches;
        if (!matches || password === null || oldHash === null) {
          return problem('INVALID_CREDENTIALS');
        }
        await attempt.recordSuccess();
        const ended = await store.updatePassword({
          userId: viewer.id,
          oldHash,
          newHash: await hasher.hash(newNormalized),
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
