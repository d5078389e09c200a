import { describe, expect, it } from 'vitest';
import { problem } from '@cartograph/errors';
import type { RefreshDecision, StoredRefreshToken } from './refresh-token.ts';
import { makeSessions } from './sessions.ts';
import type { Attempt } from './throttle.ts';
import type { User } from './user.ts';

const now = new Date();
const later = new Date(now.getTime() + 3_600_000);
const user: User = {
  id: 'ann',
  email: 'ann@example.com',
  name: null,
  role: 'USER',
  createdAt: now,
  updatedAt: now,
};
const viewer = { id: 'ann', role: 'USER', sessionId: 'this one' } as const;

const stored = (fields: Partial<StoredRefreshToken> = {}): StoredRefreshToken => ({
  session: {
    id: 'session',
    userId: 'ann',
    device: null,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: later,
    revokedAt: null,
  },
  user,
  expiresAt: later,
  usedAt: null,
  successor: null,
  ...fields,
});

/** The rules of sessions over one refresh token, and what was done. */
const openSessions = (token: StoredRefreshToken | null, { isOver = false } = {}) => {
  const done: string[] = [];
  const attempt: Attempt = {
    check: async () =>
      isOver ? problem('TOO_MANY_ATTEMPTS', { retryAfterSeconds: 1, quota: null }) : null,
    count: async () => (done.push('count'), null),
    recordSuccess: async () => undefined,
  };
  const sessions = makeSessions({
    store: {
      insertSession: async (session, _token, account, maxSessions) => {
        done.push(`insert of ${session.userId}, ${maxSessions} at most`);
        return account.passwordHash === 'hash';
      },
      refresh: async (_hash, decide) => {
        const decision: RefreshDecision = decide(token, now);
        done.push(decision.kind);
        return { decision, now, stored: token };
      },
      listSessions: async (_userId, _now, limit) => (done.push(`list ${limit}`), []),
      pageSessions: async () => ({ rows: [], hasNextPage: false }),
      findActiveIds: async () => [],
      findSessionIdOfToken: async () => (token ? 'of the token' : null),
      endSessions: async (which) => {
        done.push(JSON.stringify(which));
        return 1;
      },
    },
    signToken: (signed, _at, end) => ({
      token: `${signed.id} ${signed.role} ${signed.sessionId}`,
      expiresAt: end,
    }),
    lifetime: { idleMs: 60_000, absoluteMs: 3_600_000 },
    maxSessions: 7,
    throttle: {
      isKnown: async () => false,
      login: () => attempt,
      register: () => attempt,
      refresh: () => attempt,
      changePassword: () => attempt,
    },
    onReuse: (sessionId) => done.push(`reuse of ${sessionId}`),
  });
  return { sessions, done };
};

const invalid = { code: 'INVALID_REFRESH_TOKEN' };

describe('a refresh', () => {
  it('signs an access token for the account and session of the refresh token', async () => {
    const { sessions, done } = openSessions(stored());
    expect(await sessions.refresh('token', null)).toMatchObject({
      accessToken: 'ann USER session',
      accessTokenExpiresAt: later,
      user,
    });
    expect(done).toEqual(['rotate']);
  });

  it('with an unknown token counts as a failure', async () => {
    const { sessions, done } = openSessions(null);
    expect(await sessions.refresh('token', null)).toMatchObject(invalid);
    expect(done).toEqual(['refuse', 'count']);
  });

  it('with a reused token counts as a failure, and is reported', async () => {
    const { sessions, done } = openSessions(stored({ usedAt: new Date(0) }));
    expect(await sessions.refresh('token', null)).toMatchObject(invalid);
    expect(done).toEqual(['revoke', 'reuse of session', 'count']);
  });

  it('beyond the limit reads no token', async () => {
    const { sessions, done } = openSessions(stored(), { isOver: true });
    expect(await sessions.refresh('token', null)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    expect(done).toEqual([]);
  });
});

describe('a sign-in', () => {
  it('is opened with the limit of the account, unless the password was changed', async () => {
    const { sessions, done } = openSessions(null);
    expect(await sessions.open(user, 'x'.repeat(300), 'hash')).toMatchObject({ user });
    expect(await sessions.open(user, null, 'another hash')).toBeNull();
    expect(done).toEqual(Array(2).fill('insert of ann, 7 at most'));
  });
});

describe('a sign-out', () => {
  it.each([
    ['of a refresh token ends its session alone', 'token', viewer, '{"sessionId":"of the token"}'],
    [
      'of an access token ends its session',
      null,
      viewer,
      '{"userId":"ann","sessionId":"this one"}',
    ],
  ])('%s', async (_, token, by, which) => {
    const { sessions, done } = openSessions(stored());
    expect(await sessions.end(token, by)).toBe(1);
    expect(done).toEqual([which]);
  });

  it('of an unknown token ends no session', async () => {
    const { sessions, done } = openSessions(null);
    expect(await sessions.end('token', viewer)).toBe(0);
    expect(done).toEqual([]);
  });

  it('without a token and a viewer is refused', async () => {
    const { sessions } = openSessions(null);
    await expect(sessions.end(null, null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('of one session or all is limited to the account', async () => {
    const { sessions, done } = openSessions(null);
    await sessions.endOne(viewer, 'one');
    await sessions.endAll(viewer);
    expect(done).toEqual(['{"userId":"ann","sessionId":"one"}', '{"userId":"ann"}']);
  });
});

it('the list of sessions has at most 100 entries', async () => {
  const { sessions, done } = openSessions(null);
  await sessions.list('ann');
  expect(done).toEqual(['list 100']);
});
