import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeRole } from '../src/db/change-role.ts';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { openUsers, type UserService } from './open-users.ts';

let service: UserService;
let database: Database;

beforeAll(async () => {
  service = await openUsers();
  database = makeDatabase({ databaseUrl: service.database.url, databasePoolSize: 1 });
});

afterAll(async () => {
  await database.$disconnect();
  await service.close();
});

const readRoles = async () => {
  const rows = await service.database.query<{ email: string; role: string; live: number }>(
    `SELECT email, role::text, count(*) FILTER (WHERE revoked_at IS NULL)::int AS live
     FROM users JOIN sessions ON user_id = users.id GROUP BY email, role ORDER BY email`,
  );
  return rows.map(({ email, role, live }) => `${email} ${role} ${live}`);
};

describe('a role', () => {
  it('is given to one account alone, whose sessions end', async () => {
    await service.register('a.b@example.com');
    await service.register('axb@example.com');
    await service.login('axb@example.com');
    expect(await changeRole(database, 'a_b@example.com', 'ADMIN')).toBeNull();
    expect(await changeRole(database, '%', 'ADMIN')).toBeNull();
    expect(await changeRole(database, 'axb@example.com', 'ADMIN')).toBe(2);
    expect(await readRoles()).toEqual(['a.b@example.com USER 1', 'axb@example.com ADMIN 0']);
  });
});
