import { PUBLISHED_PASSWORDS } from '@cartograph/config';
import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNTS } from '../../apps/user/src/domain/user.ts';
import { makeDemoPassword, readDemoAccounts } from './demo-passwords.ts';

const OWN = { DEMO_ADMIN_PASSWORD: 'own-of-admin', DEMO_SHOPPER_PASSWORD: 'own-of-shopper' };
const PUBLISHED = DEMO_ACCOUNTS.map(({ password }) => password);
const OWN_PASSWORDS = Object.values(OWN);

describe('the passwords of the demo accounts', () => {
  it.each(['127.0.0.1', 'localhost', '::1', '127.9.9.9'])(
    'are the published ones on %s',
    (HOST) => {
      const accounts = readDemoAccounts({ ...OWN, HOST });
      expect(accounts.map(({ password }) => password)).toEqual(PUBLISHED);
      expect(accounts.flatMap(({ formerPasswords }) => formerPasswords)).toEqual(OWN_PASSWORDS);
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.2', 'shop.example', '127.example.com', '0', ''])(
    'are never the published ones on %s, which other machines may reach',
    (HOST) => {
      const accounts = readDemoAccounts({ ...OWN, HOST });
      expect(accounts.map(({ password }) => password)).toEqual(OWN_PASSWORDS);
      expect(accounts.flatMap(({ formerPasswords }) => formerPasswords)).toEqual(PUBLISHED);
    },
  );

  it('can not be guessed, and must be in the environment', () => {
    expect(makeDemoPassword()).toMatch(/^[\w-]{16}$/);
    expect(makeDemoPassword()).not.toBe(makeDemoPassword());
    expect(() => readDemoAccounts({ HOST: '0.0.0.0' })).toThrow('DEMO_ADMIN_PASSWORD');
  });

  it('are all known to production, which rejects them', () => {
    expect(PUBLISHED_PASSWORDS).toEqual(PUBLISHED);
  });
});
