import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openUser, type UserService } from './open-user.ts';

let service: UserService;

beforeAll(async () => {
  service = await openUser();
});

afterAll(() => service.close());

const deleteAccount = (id: string) =>
  service.database.query('DELETE FROM users WHERE id = $1 RETURNING id', [id]);

const setSessions = (userId: string, set: string) =>
  service.database.query(`UPDATE sessions SET ${set} WHERE user_id = $1`, [userId]);

/** The statements of the documentation, for this account. */
const readSteps = async (userId: string): Promise<readonly string[]> => {
  const page = new URL('../../../docs/operations/retention.md', import.meta.url);
  const blocks = (await readFile(page, 'utf8')).matchAll(/```sql\n(.*?)```/gs);
  return [...blocks].map(([, sql = '']) =>
    sql.replaceAll('01890000-0000-7000-8000-000000000000', userId),
  );
};

const REFUSED = 'its access tokens may be valid';

describe('an account', () => {
  it('is deleted a day after its sessions were revoked, not while its tokens may be valid', async () => {
    const { user } = await service.register('deleted@example.com');
    await expect(deleteAccount(user.id)).rejects.toThrow(REFUSED);
    await setSessions(user.id, 'revoked_at = now()');
    await expect(deleteAccount(user.id)).rejects.toThrow(REFUSED);
    await setSessions(user.id, "revoked_at = now() - interval '23 hours'");
    await expect(deleteAccount(user.id)).rejects.toThrow(REFUSED);
    await setSessions(user.id, "revoked_at = now() - interval '25 hours'");
    expect(await deleteAccount(user.id)).toEqual([{ id: user.id }]);
  });

  it('is not deleted while one of its sessions is active', async () => {
    const { user } = await service.register('again@example.com');
    await setSessions(user.id, "revoked_at = now() - interval '2 days'");
    await service.login('again@example.com');
    await expect(deleteAccount(user.id)).rejects.toThrow(REFUSED);
  });

  it('is deleted when its sessions have expired, and with no session', async () => {
    const { user } = await service.register('expired@example.com');
    await setSessions(user.id, "expires_at = now() - interval '2 minutes'");
    expect(await deleteAccount(user.id)).toEqual([{ id: user.id }]);
    const { user: other } = await service.register('without@example.com');
    await service.database.query('DELETE FROM sessions WHERE user_id = $1', [other.id]);
    expect(await deleteAccount(other.id)).toEqual([{ id: other.id }]);
  });

  it('is deleted in the steps of the documentation, of which the first ends it', async () => {
    const session = await service.register('leaving@example.com');
    const [end = '', remove = ''] = await readSteps(session.user.id);
    await service.database.query(end);
    await eventually(async () => expect(await service.whoIs(session)).toBeNull());
    expect((await service.refresh(session.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await service.login('leaving@example.com')).code).toBe('INVALID_CREDENTIALS');
    expect((await service.login(`deleted ${session.user.id}`)).code).toBe('INVALID_CREDENTIALS');
    await setSessions(session.user.id, "revoked_at = now() - interval '25 hours'");
    await service.database.query(remove);
    const rows = 'SELECT FROM users WHERE id = $1';
    expect(await service.database.query(rows, [session.user.id])).toEqual([]);
  });
});
