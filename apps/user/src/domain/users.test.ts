import { describe, expect, it } from '@jest/globals';
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
const tooMany = problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: 1 });

type Refused = { readonly check?: boolean; readonly count?: boolean; readonly share?: boolean };

/** The rules of accounts over Ann alone, who has a password, and what was done in which order. */
const openUsers = ({
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
        done.push(hash === null ? 'verify nobody' : 'verify');
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

const login = (shop: ReturnType<typeof openUsers>, email: string, password = PASSWORD) =>
  shop.users.login({ email, password }, client);

const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' });

describe('to sign in', () => {
  it('costs one check of a hash, is no failure, and opens a session', async () => {
    const shop = openUsers();
    expect(await login(shop, ' Ann@example.com')).toEqual({ user: ann });
    expect(shop.done).toEqual(['count', 'verify', 'recordSuccess', 'open ann@example.com']);
  });

  it.each([
    ['a wrong password', 'ann@example.com', 'wrong horse battery', 'verify'],
    ['an unknown address', 'bob@example.com', PASSWORD, 'verify nobody'],
    ['what is no address', 'nobody', PASSWORD, 'verify nobody'],
    ['a password that is too long to be one', 'ann@example.com', 'x'.repeat(600), 'verify nobody'],
    ['a reserved address', 'root@example.com', PASSWORD, 'verify nobody'],
  ])('with %s counts as a failure and costs the same', async (_, email, password, cost) => {
    const shop = openUsers({ reserved: ['root@example.com'] });
    expect(await login(shop, email, password)).toEqual(invalid);
    expect(shop.done).toEqual(['count', cost]);
  });

  it('is refused for a reserved address, whoever has an account with it', async () => {
    const shop = openUsers({ reserved: [ann.email] });
    expect(await login(shop, ann.email)).toEqual(invalid);
    expect(shop.done).toEqual(['count', 'verify nobody']);
  });

  it.each<[string, Refused]>([
    ['over a limit', { check: true }],
    ['when the account or the address has no share left', { share: true }],
    ['over a limit when its turn comes', { count: true }],
  ])('hashes nothing %s', async (_, refused) => {
    const shop = openUsers({ refused });
    expect(await login(shop, ann.email)).toEqual(tooMany);
    expect(shop.done).toEqual([]);
  });

  it('makes a stronger hash of a password whose hash is outdated', async () => {
    const shop = openUsers({ isOutdated: true });
    shop.stored.hash = `cheap hash of ${PASSWORD}`;
    expect(await login(shop, ann.email)).toEqual({ user: ann });
    expect(shop.done).toContain(`rehash cheap hash of ${PASSWORD}`);
    expect(shop.stored.hash).toBe(`hash of ${PASSWORD}`);
  });

  it('is refused when the password was changed before the session was opened', async () => {
    const shop = openUsers();
    shop.meanwhile.run = () => {
      shop.stored.hash = 'hash of a new password';
    };
    expect(await login(shop, ann.email)).toEqual(invalid);
    expect(shop.done).not.toContain('open ann@example.com');
  });
});

describe('to register', () => {
  const register = (shop: ReturnType<typeof openUsers>, email: string) =>
    shop.users.register({ email, password: PASSWORD }, client);

  it('hashes the password and opens an account of a customer, and a session', async () => {
    const shop = openUsers();
    expect(await register(shop, 'Bob@example.com')).toMatchObject({
      user: { email: 'bob@example.com', role: 'USER' },
    });
    expect(shop.done).toEqual([
      'count',
      'hash',
      `insert bob@example.com USER hash of ${PASSWORD}`,
      'open bob@example.com',
    ]);
  });

  it.each(['ann@example.com', 'ROOT@example.com'])(
    'an address that is taken or reserved costs a hash: %s',
    async (email) => {
      const shop = openUsers({ reserved: ['root@example.com'] });
      expect(await register(shop, email)).toEqual(problem('EMAIL_TAKEN'));
      expect(shop.done).toEqual(['count', 'hash']);
    },
  );

  it.each<[string, Refused]>([
    ['over a limit', { check: true }],
    ['when the address has no share left', { share: true }],
    ['over a limit when its turn comes', { count: true }],
  ])('hashes nothing %s', async (_, refused) => {
    const shop = openUsers({ refused });
    expect(await register(shop, 'bob@example.com')).toEqual(tooMany);
    expect(shop.done).toEqual([]);
  });
});

describe('to change a password', () => {
  const viewer = { id: 'ann', role: 'USER', sessionId: 'this one' } as const;
  const change = (shop: ReturnType<typeof openUsers>, currentPassword: string) =>
    shop.users.changePassword(viewer, { currentPassword, newPassword: 'another horse' }, client);

  it('replaces the hash that was checked, and keeps this session alone', async () => {
    const shop = openUsers();
    expect(await change(shop, PASSWORD)).toBe(1);
    expect(shop.done).toEqual([
      'count',
      'verify',
      'recordSuccess',
      'hash',
      `hash of ${PASSWORD} -> hash of another horse, keeps this one`,
    ]);
  });

  it.each(['wrong horse battery', 'x'.repeat(600)])(
    'needs the current one, of whatever length',
    async (password) => {
      const shop = openUsers();
      expect(await change(shop, password)).toEqual(invalid);
      expect(shop.done).toEqual(['count', 'verify']);
    },
  );

  it.each<[string, Refused]>([
    ['over a limit', { check: true }],
    ['when the account or the address has no share left', { share: true }],
    ['over a limit when its turn comes', { count: true }],
  ])('hashes nothing %s', async (_, refused) => {
    const shop = openUsers({ refused });
    expect(await change(shop, PASSWORD)).toEqual(tooMany);
    expect(shop.done).toEqual([]);
  });
});

describe('a token of an account that was deleted', () => {
  const viewer = { id: 'ann', role: 'USER', sessionId: 'this one' } as const;

  it('speaks for nobody', async () => {
    const { users, done } = openUsers({ isDeleted: true });
    const passwords = { currentPassword: PASSWORD, newPassword: 'another horse' };
    const unauthenticated = { code: 'UNAUTHENTICATED' };
    await expect(users.changePassword(viewer, passwords, client)).rejects.toMatchObject(
      unauthenticated,
    );
    await expect(users.updateProfile(viewer, {})).rejects.toMatchObject(unauthenticated);
    expect(done).toEqual([]);
  });
});
