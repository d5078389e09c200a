import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from 'argon2';
import { readDemoAccounts } from '../start/demo-passwords.ts';
import { seedAccounts } from './accounts.ts';

const ADMIN = 'admin@example.com';
const OWN = { DEMO_ADMIN_PASSWORD: 'own-of-this-clone', DEMO_SHOPPER_PASSWORD: 'another-own-one' };

let database: TestDatabase;
beforeAll(async () => {
  database = await makeTestDatabase('user');
});
afterAll(() => database.drop());

const seedOn = (HOST: string) => seedAccounts(database.url, readDemoAccounts({ ...OWN, HOST }));

const isPasswordOfAdmin = async (password: string): Promise<boolean> => {
  const [row] = await database.query<{ password_hash: string }>(
    'SELECT password_hash FROM users WHERE email = $1',
    [ADMIN],
  );
  return verify(row?.password_hash ?? '', password);
};

describe('the demo accounts', () => {
  it('change their published passwords when the shop listens to a network, and back', async () => {
    expect(await seedOn('127.0.0.1')).toBe(2);
    expect(await isPasswordOfAdmin('cartograph-admin')).toBe(true);
    expect(await seedOn('0.0.0.0')).toBe(0);
    expect(await isPasswordOfAdmin('cartograph-admin')).toBe(false);
    expect(await isPasswordOfAdmin(OWN.DEMO_ADMIN_PASSWORD)).toBe(true);
    await seedOn('127.0.0.1');
    expect(await isPasswordOfAdmin('cartograph-admin')).toBe(true);
  });

  it('keep a password that a person chose', async () => {
    const chosen = { ...OWN, DEMO_ADMIN_PASSWORD: 'what the person chose', HOST: '0.0.0.0' };
    await seedAccounts(database.url, readDemoAccounts(chosen));
    await seedOn('0.0.0.0');
    await seedOn('127.0.0.1');
    expect(await isPasswordOfAdmin('what the person chose')).toBe(true);
  });
});
