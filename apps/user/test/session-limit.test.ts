import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSubgraphCaller } from '@cartograph/testing';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { decodeToken, openUser, type SignedIn, type UserService } from './open-user.ts';

const MAX_SESSIONS = 5;

let service: UserService;

beforeAll(async () => {
  service = await openUser({
    SESSIONS_PER_ACCOUNT: String(MAX_SESSIONS),
    HASHES_PER_ACCOUNT: '100',
    SESSION_IDLE_MS: '3600000',
    SESSION_ABSOLUTE_MS: '5400000',
  });
});

afterAll(() => service.close());

const signIn = async (email: string, times: number): Promise<SignedIn[]> => {
  const sessions: SignedIn[] = [];
  for (let time = 0; time < times; time += 1) sessions.push(await service.login(email));
  return sessions;
};

const areLive = async (sessions: readonly SignedIn[]): Promise<boolean[]> => {
  const emails = await Promise.all(sessions.map(service.whoIs));
  return emails.map((email) => email !== null);
};

const countLive = async (userId: string): Promise<number> => {
  const [row] = await service.database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1 AND revoked_at IS NULL',
    [userId],
  );
  return row?.count ?? 0;
};

describe('a session', () => {
  it('and its tokens expire as configured', async () => {
    const { user, refreshToken } = await service.register('lifetime@example.com');
    const { refreshToken: second } = await service.refresh(refreshToken);
    const read = (columns: string) =>
      service.database.query<{ session: number; token: number }>(
        `SELECT ${columns}, extract(epoch FROM tokens.expires_at - tokens.created_at)::int AS token
         FROM sessions JOIN refresh_tokens AS tokens ON session_id = id WHERE user_id = $1`,
        [user.id],
      );
    const session = 'extract(epoch FROM sessions.expires_at - sessions.created_at)::int AS session';
    expect(await read(session)).toEqual(Array(2).fill({ session: 5_400, token: 3_600 }));
    // Half an hour of the session is left: no token is valid for longer.
    await service.database.query(
      `UPDATE sessions SET expires_at = now() + interval '30 minutes' WHERE user_id = $1`,
      [user.id],
    );
    await service.refresh(second);
    const left = (await read('0 AS session')).map(({ token }) => token);
    expect(left.filter((seconds) => seconds <= 1_800)).toHaveLength(1);
  });
});

describe('a sign-in beyond the limit of the account', () => {
  it('ends the oldest session, even if it was used recently, and none of another account', async () => {
    const other = await service.register('limit-other@example.com');
    const first = await service.register('limit@example.com');
    const next = await signIn('limit@example.com', MAX_SESSIONS - 1);
    expect(await areLive([first, ...next])).toEqual(Array(MAX_SESSIONS).fill(true));
    const used = await service.refresh(first.refreshToken);
    const last = await service.login('limit@example.com');
    expect(await areLive([used, ...next, last])).toEqual([
      false,
      ...Array<boolean>(MAX_SESSIONS).fill(true),
    ]);
    expect((await service.refresh(used.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await areLive([other])).toEqual([true]);
  });

  it('does not count revoked and expired sessions', async () => {
    const first = await service.register('limit-ended@example.com');
    const [expired, revoked, ...others] = await signIn('limit-ended@example.com', 4);
    const idOf = (session?: SignedIn) => decodeToken(session?.accessToken ?? '').sid;
    await service.database.query('UPDATE sessions SET expires_at = now() WHERE id = $1', [
      idOf(expired),
    ]);
    await service.database.query('UPDATE sessions SET revoked_at = now() WHERE id = $1', [
      idOf(revoked),
    ]);
    const more = await signIn('limit-ended@example.com', 2);
    expect(await areLive([first, ...others, ...more])).toEqual(Array(MAX_SESSIONS).fill(true));
  });

  it('is limited also among concurrent sign-ins', async () => {
    const { user } = await service.register('limit-crowd@example.com');
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () => service.login('limit-crowd@example.com')),
    );
    expect(crowd.map(({ __typename }) => __typename)).toEqual(Array(20).fill('Session'));
    expect(await countLive(user.id)).toBe(MAX_SESSIONS);
  });

  it('waits for an uncommitted sign-in, and counts its session', async () => {
    const { user } = await service.register('limit-held@example.com');
    const transaction = await openTransaction(service.database);
    // A weaker lock would be shared by two sign-ins.
    await transaction.run('SELECT 1 FROM users WHERE id = $1 FOR SHARE', [user.id]);
    await transaction.run(
      `INSERT INTO sessions (id, user_id, created_at, expires_at)
       SELECT gen_random_uuid(), $1, now(), now() + interval '1 day' FROM generate_series(1, $2)`,
      [user.id, MAX_SESSIONS - 1],
    );
    const signIn = service.login('limit-held@example.com');
    await waitForLock(service.database, 'FROM users');
    await transaction.commit();
    expect((await signIn).__typename).toBe('Session');
    expect(await countLive(user.id)).toBe(MAX_SESSIONS);
  });
});

describe('a session that was not refreshed in its idle time', () => {
  /** The idle time of this service is an hour. */
  const makeIdle = (session: SignedIn | undefined) =>
    service.database.query(
      `UPDATE sessions SET last_used_at = now() - interval '61 minutes' WHERE id = $1`,
      [decodeToken(session?.accessToken ?? '').sid],
    );

  it('does not count, so that a sign-in does not end an older one that is in use', async () => {
    const first = await service.register('idle@example.com');
    const [idle, ...others] = await signIn('idle@example.com', MAX_SESSIONS - 1);
    await makeIdle(idle);
    const last = await service.login('idle@example.com');
    expect(await areLive([first, ...others, last])).toEqual(Array(MAX_SESSIONS).fill(true));
  });

  it('is in no list, and is not active', async () => {
    const { accessToken } = await service.register('idle-list@example.com');
    const [idle] = await signIn('idle-list@example.com', 1);
    await makeIdle(idle);
    const { data } = await service.send(
      '{ me { sessions { id } sessionsConnection { nodes { id } } } }',
      {},
      `Bearer ${accessToken}`,
    );
    const { sid } = decodeToken(accessToken);
    expect(data.me).toEqual({
      sessions: [{ id: sid }],
      sessionsConnection: { nodes: [{ id: sid }] },
    });
    const callService = makeSubgraphCaller(service.app, 'order');
    const ids = [sid, decodeToken(idle?.accessToken ?? '').sid];
    const query = 'query ($ids: [ID!]!) { activeSessions(ids: $ids) }';
    expect((await callService(query, { ids })).data).toEqual({ activeSessions: [sid] });
  });
});

describe('the sessions of an account', () => {
  const PAGE = `query ($first: Int, $after: String) { me {
    sessionsConnection(first: $first, after: $after) {
      nodes { id current } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
    }
  } }`;

  it('are read page by page, the latest sign-in first', async () => {
    await service.register('pages@example.com');
    const last = (await signIn('pages@example.com', 4)).at(-1);
    const read = async (first: number, after: string | null) => {
      const { data, errors } = await service.send(
        PAGE,
        { first, after },
        `Bearer ${last?.accessToken ?? ''}`,
      );
      expect(errors).toEqual([]);
      return data.me.sessionsConnection as {
        nodes: { id: string; current: boolean }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
    const one = await read(2, null);
    const two = await read(2, one.pageInfo.endCursor);
    const three = await read(2, two.pageInfo.endCursor);
    const nodes = [one, two, three].flatMap((page) => page.nodes);
    expect([one, two, three].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([
      true,
      true,
      false,
    ]);
    expect(nodes.map(({ current }) => current)).toEqual([true, false, false, false, false]);
    const ids = nodes.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    const BACK = `query ($before: String) { me {
      sessionsConnection(last: 2, before: $before) { nodes { id } pageInfo { hasPreviousPage } }
    } }`;
    const backward = async (before: string | null) => {
      const { data } = await service.send(BACK, { before }, `Bearer ${last?.accessToken ?? ''}`);
      return data.me.sessionsConnection as {
        nodes: { id: string }[];
        pageInfo: { hasPreviousPage: boolean };
      };
    };
    const end = await backward(null);
    expect(end.nodes.map(({ id }) => id)).toEqual(ids.slice(-2));
    expect(end.pageInfo.hasPreviousPage).toBe(true);
    const start = await backward(two.pageInfo.endCursor);
    expect(start.nodes.map(({ id }) => id)).toEqual(ids.slice(1, 3));
  });

  it('exclude revoked and expired sessions, in the list and in pages', async () => {
    const { accessToken, user } = await service.register('ended@example.com');
    await signIn('ended@example.com', 2);
    const read = async () => {
      const { data } = await service.send(
        '{ me { sessions { id } sessionsConnection { nodes { id } } } }',
        {},
        `Bearer ${accessToken}`,
      );
      const me = data.me as { sessions: object[]; sessionsConnection: { nodes: object[] } };
      return [me.sessions.length, me.sessionsConnection.nodes.length];
    };
    const oldest = (order: string) =>
      `(SELECT id FROM sessions WHERE user_id = $1 ORDER BY id ${order} LIMIT 1)`;
    const others = `user_id = $1 AND id <> ${oldest('ASC')}`;
    expect(await read()).toEqual([3, 3]);
    await service.database.query(
      `UPDATE sessions SET expires_at = now() WHERE ${others} AND id <> ${oldest('DESC')}`,
      [user.id],
    );
    expect(await read()).toEqual([2, 2]);
    await service.database.query(`UPDATE sessions SET revoked_at = now() WHERE ${others}`, [
      user.id,
    ]);
    expect(await read()).toEqual([1, 1]);
  });

  it('are refused in pages of an invalid size', async () => {
    const { accessToken } = await service.register('size@example.com');
    for (const first of [0, -1, 101]) {
      const { errors } = await service.send(PAGE, { first }, `Bearer ${accessToken}`);
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
