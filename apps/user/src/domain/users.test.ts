import { describe, expect, it } from 'vitest';
import { problem } from '@cartograph/errors';
import { makePasswordRule } from './input.ts';
import type { Session } from './session.ts';
import type { Attempt } from './throttle.ts';
import type { User } from './user.ts';
import { makeUsers } from './users.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const ann: User = {
  id: 'ann',
  email: 'ann@example.com',
  name: null,
  role: 'USER',
  createdAt: now,
  updatedAt: now,
};
const PASSWORD = 'correct horse battery';
const client = { device: null, address: '1.1.1.1' };
const tooMany = problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: 1, quota: null });

type Refused = { readonly check?: boolean; readonly count?: boolean; readonly share?: boolean };

const REFUSALS: [string, Refused][] = [
  ['over a limit', { check: true }],
  ['without a share of the account or the address', { share: true }],
  ['over a limit when it leaves the queue', { count: true }],
];

/** The operations on accounts with Ann as the only account, and a log of what they did. */
const openAccounts = ({
  refused = {},
  isOutdated = false,
  reserved = [],
  isDeleted = false,
}: {
  refused?: Refused;
  isOutdated?: boolean;
  reserved?: readonly string[];
  isDeleted?: boolean;
} = {}) => {
  const done: string[] = [];
  const stored = { hash: `hash of ${PASSWORD}` };
  /** Runs before the next session is opened. */
  const meanwhile = { run: () => {} };
  const attempt: Attempt = {
    check: async () => (refused.check ? tooMany : null),
    count: async () => (refused.count ? tooMany : (done.push('count'), null)),
    recordSuccess: async () => void done.push('recordSuccess'),
  };
  const users = makeUsers({
    store: {
      insertUser: async (user, hash) => {
        if (user.email === ann.email) return problem('EMAIL_TAKEN');
        done.push(`insert ${user.email} ${user.role} ${hash}`);
        return user;
      },
      findUsers: async () => (isDeleted ? [] : [ann]),
      findDemoEmails: async () => [],
      findCredentials: async (email) =>
        email === ann.email ? { user: ann, passwordHash: stored.hash } : null,
      updateName: async () => ann,
      updateRole: async () => null,
      updatePassword: async ({ oldHash, newHash, keepSessionId }) => {
        done.push(`${oldHash} -> ${newHash}, keeps ${keepSessionId}`);
        return 1;
      },
      rehash: async (_id, oldHash, newHash) => {
        done.push(`rehash ${oldHash}`);
        stored.hash = newHash;
      },
    },
    sessions: {
      open: async (user, _device, hash) => {
        meanwhile.run();
        if (user.id === ann.id && hash !== stored.hash) return null;
        done.push(`open ${user.email}`);
        return { user } as Session;
      },
    },
    hasher: {
      hash: async (password, admit) => {
        const refusal = await admit?.();
        if (refusal) return refusal;
        done.push('hash');
        return `hash of ${password}`;
      },
      verify: async (password, hash, admit) => {
        const refusal = await admit?.();
        if (refusal) return refusal;
        done.push(hash === null ? 'verify dummy' : 'verify');
        return hash?.replace('cheap ', '') === `hash of ${password}`;
      },
      isOutdated: () => isOutdated,
    },
    shares: { within: async (_holder, work) => (refused.share ? tooMany : work()) },
    passwordRule: makePasswordRule([]),
    reservedEmails: new Set(reserved),
    throttle: {
      isKnown: async () => false,
      login: () => attempt,
      register: () => attempt,
      refresh: () => attempt,
      changePassword: () => attempt,
    },
  });
  return { users, done, stored, meanwhile };
};

const login = (accounts: ReturnType<typeof openAccounts>, email: string, password = PASSWORD) =>
  accounts.users.login({ email, password }, client);

const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' });

describe('login', () => {
  it('verifies one hash, counts no failure, and opens a session', async () => {
    const accounts = openAccounts();
    expect(await login(accounts, ' Ann@example.com')).toEqual({ user: ann });
    expect(accounts.done).toEqual(['count', 'verify', 'recordSuccess', 'open ann@example.com']);
  });

  it.each([
    ['a wrong password', 'ann@example.com', 'wrong horse battery', 'verify'],
    ['an unknown address', 'bob@example.com', PASSWORD, 'verify dummy'],
    ['an invalid address', 'invalid', PASSWORD, 'verify dummy'],
    ['a password that is too long', 'ann@example.com', 'x'.repeat(600), 'verify dummy'],
    ['a reserved address', 'root@example.com', PASSWORD, 'verify dummy'],
  ])('with %s counts as a failure and costs the same', async (_, email, password, cost) => {
    const accounts = openAccounts({ reserved: ['root@example.com'] });
    expect(await login(accounts, email, password)).toEqual(invalid);
    expect(accounts.done).toEqual(['count', cost]);
  });

  it('is refused for a reserved address, even if the account exists', async () => {
    const accounts = openAccounts({ reserved: [ann.email] });
    expect(await login(accounts, ann.email)).toEqual(invalid);
    expect(accounts.done).toEqual(['count', 'verify dummy']);
  });

  it.each(REFUSALS)('hashes nothing %s', async (_, refused) => {
    const accounts = openAccounts({ refused });
    expect(await login(accounts, ann.email)).toEqual(tooMany);
    expect(accounts.done).toEqual([]);
  });

  it('replaces an outdated hash', async () => {
    const accounts = openAccounts({ isOutdated: true });
    accounts.stored.hash = `cheap hash of ${PASSWORD}`;
    expect(await login(accounts, ann.email)).toEqual({ user: ann });
    expect(accounts.done).toContain(`rehash cheap hash of ${PASSWORD}`);
    expect(accounts.stored.hash).toBe(`hash of ${PASSWORD}`);
  });

  it('is refused when the password was changed before the session was opened', async () => {
    const accounts = openAccounts();
    accounts.meanwhile.run = () => {
      accounts.stored.hash = 'hash of a new password';
    };
    expect(await login(accounts, ann.email)).toEqual(invalid);
    expect(accounts.done).not.toContain('open ann@example.com');
  });
});

describe('register', () => {
  const register = (accounts: ReturnType<typeof openAccounts>, email: string) =>
    accounts.users.register({ email, password: PASSWORD }, client);

  it('hashes the password and creates a customer and a session', async () => {
    const accounts = openAccounts();
    expect(await register(accounts, 'Bob@example.com')).toMatchObject({
      user: { email: 'bob@example.com', role: 'USER' },
    });
    expect(accounts.done).toEqual([
      'count',
      'hash',
      `insert bob@example.com USER hash of ${PASSWORD}`,
      'open bob@example.com',
    ]);
  });

  it.each(['ann@example.com', 'ROOT@example.com'])(
    'hashes the password for a taken or reserved address: %s',
    async (email) => {
      const accounts = openAccounts({ reserved: ['root@example.com'] });
      expect(await register(accounts, email)).toEqual(problem('EMAIL_TAKEN'));
      expect(accounts.done).toEqual(['count', 'hash']);
    },
  );

  it.each(REFUSALS)('hashes nothing %s', async (_, refused) => {
    const accounts = openAccounts({ refused });
    expect(await register(accounts, 'bob@example.com')).toEqual(tooMany);
    expect(accounts.done).toEqual([]);
  });
});

describe('changePassword', () => {
  const viewer = { id: 'ann', role: 'USER', sessionId: 'this one' } as const;
  const change = (accounts: ReturnType<typeof openAccounts>, currentPassword: string) =>
    accounts.users.changePassword(
      viewer,
      { currentPassword, newPassword: 'another horse' },
      client,
    );

  it('replaces the verified hash, and keeps this session only', async () => {
    const accounts = openAccounts();
    expect(await change(accounts, PASSWORD)).toBe(1);
    expect(accounts.done).toEqual([
      'count',
      'verify',
      'recordSuccess',
      'hash',
      `hash of ${PASSWORD} -> hash of another horse, keeps this one`,
    ]);
  });

  it.each(['wrong horse battery', 'x'.repeat(600)])(
    'refuses a wrong current password of any length',
    async (password) => {
      const accounts = openAccounts();
      expect(await change(accounts, password)).toEqual(invalid);
      expect(accounts.done).toEqual(['count', 'verify']);
    },
  );

  it.each(REFUSALS)('hashes nothing %s', async (_, refused) => {
    const accounts = openAccounts({ refused });
    expect(await change(accounts, PASSWORD)).toEqual(tooMany);
    expect(accounts.done).toEqual([]);
  });
});

describe('a token of an account that was deleted', () => {
  const viewer = { id: 'ann', role: 'USER', sessionId: 'this one' } as const;

  it('is refused', async () => {
    const { users, done } = openAccounts({ isDeleted: true });
    const passwords = { currentPassword: PASSWORD, newPassword: 'another horse' };
    const unauthenticated = { code: 'UNAUTHENTICATED' };
    await expect(users.changePassword(viewer, passwords, client)).rejects.toMatchObject(
      unauthenticated,
    );
    await expect(users.updateProfile(viewer, {})).rejects.toMatchObject(unauthenticated);
    expect(done).toEqual([]);
  });
});
