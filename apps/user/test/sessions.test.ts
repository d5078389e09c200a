import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSubgraphCaller } from '@cartograph/testing';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { decodeToken, openUser, PASSWORD, type UserService } from './open-user.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUser();
});

afterAll(() => service.close());

/** Lets the grace period of all used tokens pass. */
const endGracePeriod = () =>
  service.database.query(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'`);

describe('a refresh token', () => {
  it('is exchanged for a new one, which is exchanged for the next', async () => {
    const first = await service.register('refresh@example.com');
    const second = await service.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await service.whoIs(second)).toBe('refresh@example.com');
    const third = await service.refresh(second.refreshToken);
    expect(third.__typename).toBe('Session');
  });

  it('has one successor, also with concurrent requests', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await service.register(`round-${round}@example.com`);
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => service.refresh(refreshToken)),
      );
      expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    }
  });

  it('returns the same successor again after a lost response', async () => {
    const { refreshToken } = await service.register('lost@example.com');
    const lost = await service.refresh(refreshToken);
    const again = await service.refresh(refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await service.refresh(again.refreshToken)).__typename).toBe('Session');
  });

  it('is used when its lock is granted, however long the request waited', async () => {
    const { refreshToken, accessToken } = await service.register('waiting@example.com');
    const { sid } = decodeToken(accessToken);
    const transaction = await openTransaction(service.database);
    await transaction.run('SELECT 1 FROM refresh_tokens WHERE session_id = $1 FOR UPDATE', [sid]);
    const refreshing = service.refresh(refreshToken);
    await waitForLock(service.database, 'FROM refresh_tokens');
    await sleep(20);
    const grantedAt = Date.now();
    await transaction.commit();
    expect((await refreshing).__typename).toBe('Session');
    const [row] = await service.database.query<{ times: Date[] }>(
      `SELECT array[min(used_at), max(created_at)] AS times FROM refresh_tokens
       WHERE session_id = $1`,
      [sid],
    );
    // The grace of a repeat begins then.
    for (const time of row?.times ?? []) expect(Number(time)).toBeGreaterThanOrEqual(grantedAt);
  });

  it('ends the whole family when it is reused after the grace period', async () => {
    const stolen = await service.register('stolen@example.com');
    const next = await service.refresh(stolen.refreshToken);
    await endGracePeriod();
    expect((await service.refresh(stolen.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await service.refresh(next.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await service.whoIs(next)).toBeNull();
  });

  it.each(['', 'nonsense', 'x'.repeat(10_000), '\0'])(
    'is refused when it is invalid',
    async (token) => {
      expect((await service.refresh(token)).code).toBe('INVALID_REFRESH_TOKEN');
    },
  );
});

const mutate = async (field: string, accessToken?: string) => {
  const { data, errors } = await service.send(
    `mutation { ${field} {
       ... on SessionsEnded { count }
       ... on Problem { code }
       ${field.startsWith('logout') ? '... on ValidationFailedProblem { fields { path } }' : ''}
     } }`,
    {},
    accessToken && `Bearer ${accessToken}`,
  );
  return { result: data && (Object.values(data as object)[0] as object), errors };
};

describe('signing out', () => {
  it('ends the session of a refresh token, with its access token', async () => {
    const session = await service.register('out@example.com');
    const field = `logout(input: { refreshToken: "${session.refreshToken}" })`;
    expect((await mutate(field)).result).toMatchObject({ count: 1 });
    expect(await service.whoIs(session)).toBeNull();
    expect((await service.refresh(session.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await mutate(field)).result).toMatchObject({ count: 0 });
  });

  it('refuses a text that is too long to be a refresh token', async () => {
    const field = `logout(input: { refreshToken: "${'x'.repeat(201)}" })`;
    expect((await mutate(field)).result).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'refreshToken' }],
    });
  });

  it('ends the session of the access token when no refresh token is given', async () => {
    const session = await service.register('out2@example.com');
    expect((await mutate('logout', session.accessToken)).result).toMatchObject({ count: 1 });
    expect(await service.whoIs(session)).toBeNull();
    expect((await mutate('logout')).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('ends every session of the account, and of no other', async () => {
    const one = await service.register('everywhere@example.com');
    const two = await service.login('everywhere@example.com');
    const other = await service.register('elsewhere@example.com');
    expect((await mutate('logoutEverywhere', one.accessToken)).result).toMatchObject({ count: 2 });
    expect([await service.whoIs(one), await service.whoIs(two)]).toEqual([null, null]);
    expect(await service.whoIs(other)).toBe('elsewhere@example.com');
  });

  it('stores 200 characters of the name that a client gives itself', async () => {
    const { data } = await service.send(
      `mutation ($input: RegisterInput!) { register(input: $input) {
         ... on Session { user { sessions { device } } } } }`,
      { input: { email: 'device@example.com', password: PASSWORD } },
      undefined,
      { 'x-client-device': 'x'.repeat(300) },
    );
    expect(data.register.user.sessions).toEqual([{ device: 'x'.repeat(200) }]);
  });

  it('lists the last refreshed session first', async () => {
    const first = await service.register('refreshed@example.com');
    const second = await service.login('refreshed@example.com');
    const list = async () => {
      const { data } = await service.send(
        '{ me { sessions { current lastUsedAt createdAt } } }',
        {},
        `Bearer ${second.accessToken}`,
      );
      return data.me.sessions as { current: boolean; lastUsedAt: string; createdAt: string }[];
    };
    expect((await list()).map(({ current }) => current)).toEqual([true, false]);
    await service.refresh(first.refreshToken);
    const [other, own] = await list();
    expect([other?.current, own?.current]).toEqual([false, true]);
    expect(other?.lastUsedAt).not.toBe(other?.createdAt);
    expect(own?.lastUsedAt).toBe(own?.createdAt);
  });

  it('lists the sessions of the account, and ends one of them', async () => {
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
    expect((await mutate(revoke, stranger.accessToken)).result).toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    expect((await mutate(revoke, two.accessToken)).result).toMatchObject({ count: 1 });
    expect([await service.whoIs(one), await service.whoIs(two)]).toEqual([
      null,
      'list@example.com',
    ]);
  });
});

describe('activeSessions', () => {
  it('returns the active sessions to services, and to no other caller', async () => {
    const { accessToken } = await service.register('check@example.com');
    const { data } = await service.send('{ me { sessions { id } } }', {}, `Bearer ${accessToken}`);
    const [{ id }] = data.me.sessions as [{ id: string }];
    const query = 'query ($ids: [ID!]!) { activeSessions(ids: $ids) }';
    const callService = makeSubgraphCaller(service.app, 'order');
    const unknown = '01890000-0000-7000-8000-000000000000';
    const find = async () => (await callService(query, { ids: [id, unknown] })).data as unknown;
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
