import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';

let database: TestDatabase;

beforeAll(async () => {
  database = await makeTestDatabase('user');
});

afterAll(() => database.drop());

const grant = async (args: readonly string[], url = database.url) => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'grant.ts'), ...args], {
    env: { PATH: process.env['PATH'], USER_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { out, err, code };
};

const signUp = async (email: string) => {
  const [user] = await database.query<{ id: string }>(
    `INSERT INTO users (id, email, password_hash, role, created_at, updated_at)
     VALUES (gen_random_uuid(), $1, 'x', 'ADMIN', now(), now()) RETURNING id`,
    [email],
  );
  await database.query(
    `INSERT INTO sessions (id, user_id, created_at, expires_at)
     SELECT gen_random_uuid(), $1, now(), now() + interval '1 day' FROM generate_series(1, 2)`,
    [user?.id],
  );
};

/** The role of an account, and how many of its sessions are active. */
const stateOf = async (email: string) => {
  const [row] = await database.query<{ role: string; live: number }>(
    `SELECT role, count(sessions.id) FILTER (WHERE revoked_at IS NULL)::int AS live
     FROM users LEFT JOIN sessions ON user_id = users.id WHERE email = $1 GROUP BY role`,
    [email],
  );
  return row;
};

describe('user:grant', () => {
  it('changes the role and revokes the sessions', async () => {
    await signUp('granted@example.com');
    const { out, code } = await grant(['granted@example.com', 'USER']);
    expect([out, code]).toEqual(['granted@example.com is USER now; 2 sessions ended.\n', 0]);
    expect(await stateOf('granted@example.com')).toEqual({ role: 'USER', live: 0 });
  });

  it('does both or neither, and prints what went wrong', async () => {
    await signUp('stuck@example.com');
    await database.query(
      `ALTER TABLE users ADD CONSTRAINT no_change CHECK (role = 'ADMIN') NOT VALID`,
    );
    const { err, code } = await grant(['stuck@example.com', 'USER']);
    await database.query('ALTER TABLE users DROP CONSTRAINT no_change');
    expect(err).toMatch(/^The role of stuck@example\.com was not changed: .*no_change/);
    expect(code).toBe(1);
    expect(await stateOf('stuck@example.com')).toEqual({ role: 'ADMIN', live: 2 });
  });

  it('refuses an unknown account, and prints its usage for a wrong role', async () => {
    const unknown = await grant(['unknown@example.com', 'ADMIN']);
    expect([unknown.err, unknown.code]).toEqual(['There is no account unknown@example.com.\n', 1]);
    const misused = await grant(['ada@example.com', 'ROOT']);
    expect([misused.err.includes('Usage: '), misused.code]).toEqual([true, 2]);
  });

  it('reports an unreachable database, and not another failure as such', async () => {
    const away = await grant(['ada@example.com', 'USER'], 'postgres://a:b@127.0.0.1:1/c');
    expect(away.err).toContain('The user database can not be reached: ');
    await database.query('ALTER TABLE users RENAME TO accounts');
    const broken = await grant(['ada@example.com', 'USER']);
    await database.query('ALTER TABLE accounts RENAME TO users');
    expect(broken.err).toContain('was not changed: relation "users" does not exist');
  });
});
