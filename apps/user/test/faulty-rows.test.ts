import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loggingInfrastructure } from '@cartograph/testing';
import { openUser, type UserService } from './open-user.ts';

const { infrastructure, logged } = loggingInfrastructure();

let service: UserService;

beforeAll(async () => {
  service = await openUser({}, infrastructure);
});

afterAll(() => service.close());

afterEach(() => {
  logged.length = 0;
});

const dropConstraint = (table: string) =>
  service.database.query(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${table}_shown_check`);

describe('a row that cannot be displayed', () => {
  it('is not written', async () => {
    const { user } = await service.register('checked@example.com');
    const update = (sql: string) => service.database.query(sql, [user.id]);
    await expect(update(`UPDATE users SET created_at = 'infinity' WHERE id = $1`)).rejects.toThrow(
      'users_shown_check',
    );
    await expect(
      update(`UPDATE sessions SET last_used_at = '20260-01-01' WHERE user_id = $1`),
    ).rejects.toThrow('sessions_shown_check');
  });

  it.each([
    ["created_at = 'infinity'", 'a date is not valid'],
    ["updated_at = '20260-01-01'", 'a date is not valid'],
    ["role = 'OWNER'", 'has a value that this version does not know'],
  ])('is left out as an account: %s', async (set, fault) => {
    await dropConstraint('users');
    await service.database.query(`ALTER TYPE role ADD VALUE IF NOT EXISTS 'OWNER'`);
    const name = set.replaceAll(/\W/g, '').toLowerCase();
    const admin = await service.loginAdmin(`root-${name}@example.com`);
    const { user: good } = await service.register(`good-${name}@example.com`);
    const { user: bad } = await service.register(`bad-${name}@example.com`);
    await service.database.query(`UPDATE users SET ${set} WHERE id = $1`, [bad.id]);
    const { data, errors } = await service.send(
      `query ($good: ID!, $bad: ID!) {
         good: user(id: $good) { id role createdAt updatedAt }
         bad: user(id: $bad) { id role createdAt updatedAt }
       }`,
      { good: good.id, bad: bad.id },
      admin,
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ good: { id: good.id }, bad: null });
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'users', id: bad.id, fault }),
    );
  });

  it('is no account that is signed in: its token is refused', async () => {
    await dropConstraint('users');
    const session = await service.register('hidden@example.com');
    await service.database.query(`UPDATE users SET created_at = 'infinity' WHERE id = $1`, [
      session.user.id,
    ]);
    const authorization = `Bearer ${session.accessToken}`;
    const { data, errors } = await service.send('{ me { email } }', {}, authorization);
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await service.send('{ me { email } }')).errors).toEqual([]);
  });

  it.each(['created_at', 'last_used_at'])(
    'is left out as a session, and the next pages follow: %s',
    async (column) => {
      await dropConstraint('sessions');
      const email = `${column}@example.com`;
      const { user } = await service.register(email);
      await service.login(email);
      const { accessToken } = await service.login(email);
      const [bad] = await service.database.query<{ id: string }>(
        `UPDATE sessions SET ${column} = 'infinity' WHERE id = (
           SELECT id FROM sessions WHERE user_id = $1 ORDER BY id OFFSET 1 LIMIT 1)
         RETURNING id`,
        [user.id],
      );
      const seen: string[] = [];
      for (let after: string | null = null, isLast = false; !isLast;) {
        const { data, errors } = await service.send(
          `query ($after: String) { me {
             sessions { id createdAt lastUsedAt }
             sessionsConnection(first: 1, after: $after) {
               nodes { id createdAt lastUsedAt } pageInfo { hasNextPage endCursor }
             }
           } }`,
          { after },
          `Bearer ${accessToken}`,
        );
        expect(errors).toEqual([]);
        const me = data.me as {
          sessions: object[];
          sessionsConnection: {
            nodes: { id: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
        expect(me.sessions).toHaveLength(2);
        seen.push(...me.sessionsConnection.nodes.map(({ id }) => id));
        isLast = !me.sessionsConnection.pageInfo.hasNextPage;
        after = me.sessionsConnection.pageInfo.endCursor;
      }
      expect(seen).toHaveLength(2);
      expect(seen).not.toContain(bad?.id);
      const fault = 'a date is not valid';
      expect(logged).toContainEqual(
        expect.objectContaining({ table: 'sessions', id: bad?.id, fault }),
      );
    },
  );
});
