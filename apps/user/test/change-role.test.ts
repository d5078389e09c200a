import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaUserStore } from '../src/db/make-prisma-user-store.ts';
import { openTransaction, waitForLock } from './open-transaction.ts';
import { openUser, type UserService } from './open-user.ts';

let service: UserService;
let database: Database;

beforeAll(async () => {
  service = await openUser();
  database = makeDatabase({ databaseUrl: service.database.url, databasePoolSize: 1 });
});

afterAll(async () => {
  await database.close();
  await service.close();
});

const readRoles = async () => {
  const rows = await service.database.query<{ email: string; role: string; live: number }>(
    `SELECT email, role::text, count(*) FILTER (WHERE revoked_at IS NULL)::int AS live
     FROM users JOIN sessions ON user_id = users.id GROUP BY email, role ORDER BY email`,
  );
  return rows.map(({ email, role, live }) => `${email} ${role} ${live}`);
};

describe('updateRole', () => {
  it('changes one account only, and revokes its sessions', async () => {
    await service.register('a.b@example.com');
    await service.register('axb@example.com');
    await service.login('axb@example.com');
    const revoked: string[] = [];
    const { updateRole } = makePrismaUserStore(database, (ids) => revoked.push(...ids));
    expect(await updateRole('a_b@example.com', 'ADMIN')).toBeNull();
    expect(await updateRole('%', 'ADMIN')).toBeNull();
    expect(await updateRole('axb@example.com', 'ADMIN')).toBe(2);
    expect(revoked).toHaveLength(2);
    expect(await readRoles()).toEqual(['a.b@example.com USER 1', 'axb@example.com ADMIN 0']);
  });

  it('waits for a concurrent sign-in, and revokes its session too', async () => {
    const { user } = await service.register('concurrent@example.com');
    const transaction = await openTransaction(service.database);
    await transaction.run('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [user.id]);
    await transaction.run(
      `INSERT INTO sessions (id, user_id, created_at, expires_at)
       VALUES (gen_random_uuid(), $1, now(), now() + interval '1 day')`,
      [user.id],
    );
    const revoked: string[] = [];
    const { updateRole } = makePrismaUserStore(database, (ids) => revoked.push(...ids));
    const updating = updateRole('concurrent@example.com', 'ADMIN');
    await waitForLock(service.database, 'users');
    await transaction.commit();
    expect(await updating).toBe(2);
    expect(revoked).toHaveLength(2);
  });
});
