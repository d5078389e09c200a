import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, makeSubgraphCaller } from '@cartograph/testing';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { decodeToken, openUser, PASSWORD, type SignedIn, type UserService } from './open-user.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUser();
});

afterAll(() => service.close());

type Page = { ids: string[]; asOf: string; issuedBefore: string | null; keepMs: number };

const READ = `query ($after: DateTime, $waitMs: Int) {
  sessionRevocations(after: $after, waitMs: $waitMs) { ids asOf issuedBefore keepMs }
}`;

const read = async (after: string | null = null, waitMs = 0, app = service.app): Promise<Page> => {
  const { data } = await makeSubgraphCaller(app, 'order')(READ, { after, waitMs });
  return data.sessionRevocations as Page;
};

const sessionIdOf = ({ accessToken }: SignedIn): string => decodeToken(accessToken).sid;

const signOut = ({ accessToken }: SignedIn) =>
  service.send('mutation { logout { __typename } }', {}, `Bearer ${accessToken}`);

const REVOKE = 'UPDATE sessions SET revoked_at = $2 WHERE id = $1';

describe('the feed of revoked sessions', () => {
  it('is available to services only', async () => {
    const admin = await service.loginAdmin('feed-root@example.com');
    const { errors } = await service.send(READ, {}, admin);
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('begins with all sessions whose tokens may be valid, and returns how long to store them', async () => {
    const session = await service.register('begin@example.com');
    const live = await service.register('live@example.com');
    await signOut(session);
    const page = await read();
    expect(page.ids).toContain(sessionIdOf(session));
    expect(page.ids).not.toContain(sessionIdOf(live));
    expect(page).toMatchObject({ issuedBefore: null, keepMs: 660_000 });
    const isReadAfter = async (minutes: number) => {
      await service.database.query(
        `UPDATE sessions SET revoked_at = now() - $2 * interval '1 minute' WHERE id = $1`,
        [sessionIdOf(session), minutes],
      );
      return (await read()).ids.includes(sessionIdOf(session));
    };
    expect([await isReadAfter(11), await isReadAfter(12)]).toEqual([true, false]);
  });

  it('responds to a waiting reader when a session is revoked, and not before', async () => {
    const session = await service.register('waiting@example.com');
    const { asOf } = await read();
    const waiting = read(asOf, 60_000);
    await signOut(session);
    let page = await waiting;
    // The sign-out may take longer than the wait.
    while (!page.ids.includes(sessionIdOf(session))) page = await read(page.asOf, 60_000);
    expect(page.ids).toContain(sessionIdOf(session));
    expect(Date.parse(page.asOf)).toBeGreaterThan(Date.parse(asOf));
    // The next read waits, although the overlap repeats the id.
    const sent = performance.now();
    const next = await read(page.asOf, 1_000);
    expect(performance.now() - sent).toBeGreaterThan(900);
    expect(next.ids).toContain(sessionIdOf(session));
  });

  it('accepts any wait: zero, negative and too long', async () => {
    const { asOf } = await read();
    for (const waitMs of [0, -5, 5_000_000]) expect((await read(asOf, waitMs)).asOf).not.toBe(asOf);
  });

  it('does not miss a transaction that commits late with an old time', async () => {
    const session = await service.register('late@example.com');
    const transaction = await openTransaction(service.database);
    await transaction.run(REVOKE, [sessionIdOf(session), new Date(Date.now() - 3_600_000)]);
    await sleep(1_500);
    const { asOf, ids } = await read();
    expect(ids).not.toContain(sessionIdOf(session));
    await transaction.commit();
    expect((await read(asOf)).ids).toContain(sessionIdOf(session));
    const [row] = await service.database.query<{ ago: number }>(
      `SELECT extract(epoch FROM now() - revoked_at)::float AS ago FROM sessions WHERE id = $1`,
      [sessionIdOf(session)],
    );
    expect(row?.ago).toBeLessThan(60);
    await eventually(async () => expect(await service.whoIs(session)).toBeNull());
  });

  it('responds to a reader whose time is ahead', async () => {
    const session = await service.register('ahead@example.com');
    await signOut(session);
    const page = await read(new Date(Date.now() + 3_600_000).toISOString());
    expect(page.ids).toContain(sessionIdOf(session));
  });

  it('overlaps with the last response by 20 s', async () => {
    const session = await service.register('overlap@example.com');
    await signOut(session);
    const revokedAgo = async (seconds: number) => {
      await service.database.query(
        `UPDATE sessions SET revoked_at = now() - $2 * interval '1 second' WHERE id = $1`,
        [sessionIdOf(session), seconds],
      );
      const { asOf } = await read();
      return (await read(asOf)).ids.includes(sessionIdOf(session));
    };
    expect([await revokedAgo(5), await revokedAgo(30)]).toEqual([true, false]);
  });
});

describe('a revoked session', () => {
  it('is refused by another replica within a second', async () => {
    const replica = await service.openReplica();
    const whoIs = async ({ accessToken }: SignedIn) => {
      const send = makeSubgraphCaller(replica);
      return (await send('{ me { email } }', {}, `Bearer ${accessToken}`)).data.me as unknown;
    };
    const session = await service.register('replica@example.com');
    expect(await whoIs(session)).toEqual({ email: 'replica@example.com' });
    await signOut(session);
    await eventually(async () => expect(await whoIs(session)).toBeNull());
    await replica.close();
  });

  it('is every session of an account whose role was changed in the database', async () => {
    const session = await service.register('demoted@example.com');
    await service.database.query(`UPDATE users SET role = 'ADMIN' WHERE id = $1`, [
      session.user.id,
    ]);
    await eventually(async () => expect(await service.whoIs(session)).toBeNull());
    expect((await service.refresh(session.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    const again = await service.login('demoted@example.com');
    await service.database.query('UPDATE users SET role = role, name = $2 WHERE id = $1', [
      again.user.id,
      'Ada',
    ]);
    await sleep(500);
    expect(await service.whoIs(again)).toBe('demoted@example.com');
  });

  it('is not opened with a role that changes during the sign-in', async () => {
    const admin = await service.register('race@example.com');
    await service.database.query(`UPDATE users SET role = 'ADMIN' WHERE id = $1`, [admin.user.id]);
    const transaction = await openTransaction(service.database);
    await transaction.run(`UPDATE users SET role = 'USER' WHERE id = $1`, [admin.user.id]);
    // The sign-in reads the former role, then waits for the lock.
    const signIn = service.login('race@example.com');
    await waitForLock(service.database, 'FROM users');
    await transaction.commit();
    expect((await signIn).user.role).toBe('USER');
  });

  it('is every other session after a change of the password', async () => {
    const other = await service.register('changed@example.com');
    const current = await service.login('changed@example.com');
    await service.send(
      `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }`,
      { input: { currentPassword: PASSWORD, newPassword: 'a new battery staple' } },
      `Bearer ${current.accessToken}`,
    );
    const { ids } = await read();
    expect(ids).toContain(sessionIdOf(other));
    expect(ids).not.toContain(sessionIdOf(current));
  });
});

describe('a stopping user service', () => {
  it('does not wait for readers of the feed', async () => {
    // Retried when a busy machine ends the wait before the stop.
    await eventually(async () => {
      const replica = await service.openReplica();
      const send = makeSubgraphCaller(replica, 'order');
      const first = await send(READ);
      const after = (first.data.sessionRevocations as Page).asOf;
      const waiting = send(READ, { after, waitMs: 1_000 });
      await sleep(300);
      await replica.close();
      const { data, errors } = await waiting;
      expect([data ?? null, errors[0]?.extensions.code]).toEqual([null, 'UNAVAILABLE']);
    });
  });
});
