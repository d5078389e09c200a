import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeSubgraphCaller } from '@cartograph/testing';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { openUsers, PASSWORD, type UserService } from './open-users.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUsers();
});

afterAll(() => service.close());

/** Lets the grace of every token that was used pass. */
const passGrace = () =>
  service.database.query(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'`);

describe('a refresh token', () => {
  it('is good for one session, whose token is good for the next', async () => {
    const first = await service.register('refresh@example.com');
    const second = await service.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await service.whoIs(second)).toBe('refresh@example.com');
    const third = await service.refresh(second.refreshToken);
    expect(third.__typename).toBe('Session');
  });

  it('has one successor, however many ask at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await service.register(`round-${round}@example.com`);
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => service.refresh(refreshToken)),
      );
      expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    }
  });

  it('gives who lost the answer the same successor again', async () => {
    const { refreshToken } = await service.register('lost@example.com');
    const lost = await service.refresh(refreshToken);
    const again = await service.refresh(refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await service.refresh(again.refreshToken)).__typename).toBe('Session');
  });

  it('ends the whole family when it is used again after the grace', async () => {
    const stolen = await service.register('stolen@example.com');
    const next = await service.refresh(stolen.refreshToken);
    await passGrace();
    expect((await service.refresh(stolen.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await service.refresh(next.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await service.whoIs(next)).toBeNull();
  });

  it.each(['', 'nonsense', 'x'.repeat(10_000), '\0'])(
    'is refused when it is none',
    async (token) => {
      expect((await service.refresh(token)).code).toBe('INVALID_REFRESH_TOKEN');
    },
  );
});

const mutate = async (field: string, accessToken?: string) => {
  const { data, errors } = await service.send(
    `mutation { ${field} {
       ... on SessionsEnded { count }
       ${field.startsWith('logout') ? '' : '... on Problem { code }'}
     } }`,
    {},
    accessToken && `Bearer ${accessToken}`,
  );
  return { answer: data && (Object.values(data as object)[0] as object), errors };
};

describe('signing out', () => {
  it('ends the session of a refresh token, its access token too', async () => {
    const session = await service.register('out@example.com');
    const field = `logout(input: { refreshToken: "${session.refreshToken}" })`;
    expect((await mutate(field)).answer).toMatchObject({ count: 1 });
    expect(await service.whoIs(session)).toBeNull();
    expect((await service.refresh(session.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await mutate(field)).answer).toMatchObject({ count: 0 });
  });

  it('ends the session of the access token when no refresh token is given', async () => {
    const session = await service.register('out2@example.com');
    expect((await mutate('logout', session.accessToken)).answer).toMatchObject({ count: 1 });
    expect(await service.whoIs(session)).toBeNull();
    expect((await mutate('logout')).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('ends every session of the account, and of no other', async () => {
    const one = await service.register('everywhere@example.com');
    const two = await service.login('everywhere@example.com');
    const other = await service.register('elsewhere@example.com');
    expect((await mutate('logoutEverywhere', one.accessToken)).answer).toMatchObject({ count: 2 });
    expect([await service.whoIs(one), await service.whoIs(two)]).toEqual([null, null]);
    expect(await service.whoIs(other)).toBe('elsewhere@example.com');
  });

  it('lists where the account is signed in, and ends one of them', async () => {
    const one = await service.register('list@example.com');
    const two = await service.login('list@example.com');
    const { data } = await service.send(
      '{ me { sessions { id current device createdAt lastUsedAt } } }',
      {},
      `Bearer ${two.accessToken}`,
    );
    const sessions = data.me.sessions as { id: string; current: boolean }[];
    expect(sessions.map(({ current }) => current)).toEqual([true, false]);
    const [, first] = sessions;
    const revoke = `revokeSession(input: { sessionId: "${first?.id}" })`;
    const stranger = await service.register('stranger@example.com');
    expect((await mutate(revoke, stranger.accessToken)).answer).toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    expect((await mutate(revoke, two.accessToken)).answer).toMatchObject({ count: 1 });
    expect([await service.whoIs(one), await service.whoIs(two)]).toEqual([
      null,
      'list@example.com',
    ]);
  });
});

describe('a new password', () => {
  const change = (token: string, from: string, to: string) =>
    mutate(`changePassword(input: { currentPassword: "${from}", newPassword: "${to}" })`, token);

  it('ends every other session at once and leaves this one', async () => {
    const other = await service.register('change@example.com');
    const current = await service.login('change@example.com');
    const changed = await change(current.accessToken, PASSWORD, 'a new battery staple');
    expect(changed.answer).toMatchObject({ count: 1 });
    expect(await service.whoIs(other)).toBeNull();
    expect((await service.refresh(other.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await service.whoIs(current)).toBe('change@example.com');
    expect((await service.refresh(current.refreshToken)).__typename).toBe('Session');
    expect((await service.login('change@example.com')).code).toBe('INVALID_CREDENTIALS');
    const again = await service.login('change@example.com', 'a new battery staple');
    expect(again.__typename).toBe('Session');
  });

  it('leaves no session to who signs in with the old one at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const email = `moment-${round}@example.com`;
      const { accessToken } = await service.register(email);
      const signIns = Promise.all(Array.from({ length: 6 }, () => service.login(email)));
      const changed = await change(accessToken, PASSWORD, 'a new battery staple');
      expect(changed.answer).toMatchObject({ count: expect.any(Number) });
      const opened = (await signIns).filter(({ __typename }) => __typename === 'Session');
      const alive = await Promise.all(opened.map(service.whoIs));
      expect(alive.filter((address) => address !== null)).toEqual([]);
    }
  });

  it('that is not committed yet holds up a sign-in with the old one, which then fails', async () => {
    const { user } = await service.register('held@example.com');
    const hashOf = async (email: string) => {
      const [row] = await service.database.query<{ password_hash: string }>(
        'SELECT password_hash FROM users WHERE email = $1',
        [email],
      );
      return row?.password_hash;
    };
    await service.register('other@example.com');
    const newHash = (await hashOf('other@example.com'))?.replace(/\$[^$]+$/, '$AAAAAAAAAAAAAAAA');
    const transaction = await openTransaction(service.database);
    await transaction.run('UPDATE users SET password_hash = $2 WHERE id = $1', [user.id, newHash]);
    await transaction.run('UPDATE sessions SET revoked_at = now() WHERE user_id = $1', [user.id]);
    // It has read and checked the old hash by now.
    const signIn = service.login('held@example.com');
    await waitForLock(service.database, 'FROM users');
    await transaction.commit();
    expect((await signIn).code).toBe('INVALID_CREDENTIALS');
    const live = 'SELECT 1 FROM sessions WHERE user_id = $1 AND revoked_at IS NULL';
    expect(await service.database.query(live, [user.id])).toEqual([]);
  });

  it('waits for a sign-in with the old one that is not committed yet, and ends its session', async () => {
    const { accessToken, user } = await service.register('held2@example.com');
    const transaction = await openTransaction(service.database);
    await transaction.run('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [user.id]);
    const sessionId = '01890000-0000-7000-8000-00000000000a';
    await transaction.run(
      `INSERT INTO sessions (id, user_id, created_at, expires_at)
       VALUES ($2, $1, now(), now() + interval '1 day')`,
      [user.id, sessionId],
    );
    const changing = change(accessToken, PASSWORD, 'a new battery staple');
    await waitForLock(service.database, 'password_hash');
    await transaction.commit();
    expect((await changing).answer).toMatchObject({ count: 1 });
    const ended = 'SELECT 1 FROM sessions WHERE id = $1 AND revoked_at IS NOT NULL';
    expect(await service.database.query(ended, [sessionId])).toHaveLength(1);
  });

  it('needs the old one, and has to be one', async () => {
    const { accessToken } = await service.register('change2@example.com');
    expect((await change(accessToken, 'wrong password', 'long enough')).answer).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    expect((await change(accessToken, PASSWORD, 'short')).answer).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });
});

describe('activeSessions', () => {
  it('tells sister services, and nobody else, which sessions go on', async () => {
    const { accessToken } = await service.register('check@example.com');
    const { data } = await service.send('{ me { sessions { id } } }', {}, `Bearer ${accessToken}`);
    const [{ id }] = data.me.sessions as [{ id: string }];
    const query = 'query ($ids: [ID!]!) { activeSessions(ids: $ids) }';
    const sister = makeSubgraphCaller(service.app, 'order');
    const unknown = '01890000-0000-7000-8000-000000000000';
    const find = async () => (await sister(query, { ids: [id, unknown] })).data as unknown;
    expect(await find()).toEqual({ activeSessions: [id] });
    await service.database.query('UPDATE sessions SET expires_at = now() WHERE id = $1', [id]);
    expect(await find()).toEqual({ activeSessions: [] });
    await service.database.query(
      `UPDATE sessions SET expires_at = now() + interval '1 day', revoked_at = now() WHERE id = $1`,
      [id],
    );
    expect(await find()).toEqual({ activeSessions: [] });
    const admin = await service.loginAdmin('check-root@example.com');
    const router = await service.send(query, { ids: [id] }, admin);
    expect(router.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
