import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argon2id, hash } from 'argon2';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { openUser, PASSWORD, type UserService } from './open-user.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUser();
});

afterAll(() => service.close());

describe('changePassword', () => {
  const hashOf = async (email: string) => {
    const [row] = await service.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE email = $1',
      [email],
    );
    return row?.password_hash;
  };
  const change = async (accessToken: string, currentPassword: string, newPassword: string) => {
    const { data } = await service.send(
      `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
         ... on SessionsEnded { count } ... on Problem { code } } }`,
      { input: { currentPassword, newPassword } },
      `Bearer ${accessToken}`,
    );
    return data.changePassword as object;
  };

  it('ends every other session immediately, and not this one', async () => {
    const other = await service.register('change@example.com');
    const current = await service.login('change@example.com');
    const changed = await change(current.accessToken, PASSWORD, 'a new battery staple');
    expect(changed).toMatchObject({ count: 1 });
    expect(await service.whoIs(other)).toBeNull();
    expect((await service.refresh(other.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await service.whoIs(current)).toBe('change@example.com');
    expect((await service.refresh(current.refreshToken)).__typename).toBe('Session');
    expect((await service.login('change@example.com')).code).toBe('INVALID_CREDENTIALS');
    const again = await service.login('change@example.com', 'a new battery staple');
    expect(again.__typename).toBe('Session');
  });

  it('leaves no session of concurrent sign-ins with the old password', async () => {
    for (let round = 0; round < 3; round += 1) {
      const email = `concurrent-${round}@example.com`;
      const { accessToken } = await service.register(email);
      const signIns = Promise.all(Array.from({ length: 6 }, () => service.login(email)));
      const changed = await change(accessToken, PASSWORD, 'a new battery staple');
      expect(changed).toMatchObject({ count: expect.any(Number) });
      const opened = (await signIns).filter(({ __typename }) => __typename === 'Session');
      const emails = await Promise.all(opened.map(service.whoIs));
      expect(emails.filter((address) => address !== null)).toEqual([]);
    }
  });

  it('waits longer than 5 s for another transaction that has locked the account', async () => {
    const { accessToken, user } = await service.register('long-held@example.com');
    const holder = await openTransaction(service.database);
    await holder.run('SELECT FROM users WHERE id = $1 FOR UPDATE', [user.id]);
    const changed = change(accessToken, PASSWORD, 'a new battery staple');
    await waitForLock(service.database, 'password_hash');
    // Prisma ends a transaction after 5 s by default.
    await sleep(5_500);
    await holder.commit();
    expect(await changed).toMatchObject({ count: 0 });
  });

  it('blocks a concurrent sign-in with the old password, which then fails', async () => {
    const { user } = await service.register('held@example.com');
    await service.register('other@example.com');
    const newHash = (await hashOf('other@example.com'))?.replace(/\$[^$]+$/, '$AAAAAAAAAAAAAAAA');
    const transaction = await openTransaction(service.database);
    await transaction.run('UPDATE users SET password_hash = $2 WHERE id = $1', [user.id, newHash]);
    await transaction.run('UPDATE sessions SET revoked_at = now() WHERE user_id = $1', [user.id]);
    // The sign-in has verified the old hash by now.
    const signIn = service.login('held@example.com');
    await waitForLock(service.database, 'FROM users');
    await transaction.commit();
    expect((await signIn).code).toBe('INVALID_CREDENTIALS');
    const live = 'SELECT 1 FROM sessions WHERE user_id = $1 AND revoked_at IS NULL';
    expect(await service.database.query(live, [user.id])).toEqual([]);
  });

  it('does not overwrite a concurrent change of the same old password', async () => {
    const { accessToken, user } = await service.register('twice@example.com');
    const transaction = await openTransaction(service.database);
    await transaction.run(`UPDATE users SET password_hash = 'changed' WHERE id = $1`, [user.id]);
    const second = change(accessToken, PASSWORD, 'a new battery staple');
    await waitForLock(service.database, 'password_hash');
    await transaction.commit();
    expect(await second).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await hashOf('twice@example.com')).toBe('changed');
  });

  it('is not overwritten by a concurrent rehash of the old password', async () => {
    const { user } = await service.register('weak@example.com');
    const weak = await hash(PASSWORD, { type: argon2id, memoryCost: 8_192, timeCost: 1 });
    const strong = await hashOf('weak@example.com');
    const setHash = 'UPDATE users SET password_hash = $2 WHERE id = $1';
    await service.database.query(setHash, [user.id, weak]);
    const transaction = await openTransaction(service.database);
    // A hash of another password: the salt differs.
    const changed = strong?.replace(/\$[^$]+\$[^$]+$/, '$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAA');
    await transaction.run(setHash, [user.id, changed]);
    const signIn = service.login('weak@example.com');
    await waitForLock(service.database, 'password_hash');
    await transaction.commit();
    expect((await signIn).code).toBe('INVALID_CREDENTIALS');
    expect(await hashOf('weak@example.com')).toBe(changed);
  });

  it('waits for a concurrent sign-in with the old password, and ends its session', async () => {
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
    expect(await changing).toMatchObject({ count: 1 });
    const ended = 'SELECT 1 FROM sessions WHERE id = $1 AND revoked_at IS NOT NULL';
    expect(await service.database.query(ended, [sessionId])).toHaveLength(1);
  });

  it('requires the old password and a valid new one', async () => {
    const { accessToken } = await service.register('change2@example.com');
    expect(await change(accessToken, 'wrong password', 'long enough')).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    expect(await change(accessToken, PASSWORD, 'short')).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });
});
