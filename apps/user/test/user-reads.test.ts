import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProblem } from '@cartograph/errors';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaUserStore } from '../src/db/make-prisma-user-store.ts';
import type { UserStore } from '../src/domain/user-store.ts';
import type { User } from '../src/domain/user.ts';

let testDatabase: TestDatabase;
let database: Database;
let store: UserStore;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('user');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 1 });
  store = makePrismaUserStore(database);
  await testDatabase.query(`ALTER TYPE role ADD VALUE 'OWNER'`);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const insert = async (fields: Partial<User> = {}): Promise<User> => {
  const id = randomUUID();
  const now = new Date();
  const times = { createdAt: now, updatedAt: new Date(now.getTime() + 1) };
  const user = { id, email: `${id}@example.com`, name: null, role: 'USER', ...times } as const;
  const inserted = await store.insertUser({ ...user, ...fields }, `hash of ${id}`);
  if (isProblem(inserted)) throw new Error(inserted.code);
  return inserted;
};

describe('an account', () => {
  it('is read as it was stored, without its password hash', async () => {
    const user = await insert();
    expect(user.name).toBeNull();
    const admin = await insert({ name: '“Ada”', role: 'ADMIN' });
    const found = await store.findUsers([user.id, admin.id, randomUUID()]);
    expect(found.find(({ id }) => id === user.id)).toEqual(user);
    expect(found.find(({ id }) => id === admin.id)).toEqual(admin);
    expect(found).toHaveLength(2);
  });

  it('is found with its password hash by its address', async () => {
    const user = await insert();
    const passwordHash = `hash of ${user.id}`;
    expect(await store.findCredentials(user.email)).toEqual({ user, passwordHash });
    expect(await store.findCredentials('nobody@example.com')).toBeNull();
  });

  it('can’t be read with a role that this version does not know', async () => {
    const { id, email } = await insert();
    await testDatabase.query(`UPDATE users SET role = 'OWNER' WHERE id = $1`, [id]);
    const unreadable = expect.objectContaining({ code: 'P2023' }) as unknown;
    await expect(store.findUsers([id])).rejects.toEqual(unreadable);
    await expect(store.findCredentials(email)).rejects.toEqual(unreadable);
  });
});
