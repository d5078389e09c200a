import type { Role } from '@cartograph/auth';
import type { UserStore } from './user-store.ts';

/** The accounts that everybody knows the passwords of, for trying the shop out. */
export const DEMO_ACCOUNTS: readonly { email: string; password: string; role: Role }[] = [
  { email: 'admin@example.com', password: 'cartograph-admin', role: 'ADMIN' },
  { email: 'shopper@example.com', password: 'cartograph-shopper', role: 'USER' },
];

/** The demo accounts that are there: production must have none. */
export const findDemoAccounts = async (store: UserStore): Promise<readonly string[]> => {
  const found = await Promise.all(DEMO_ACCOUNTS.map(({ email }) => store.findCredentials(email)));
  return found.flatMap((credentials) => credentials?.user.email ?? []);
};
