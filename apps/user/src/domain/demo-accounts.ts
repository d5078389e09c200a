import type { Role } from '@cartograph/auth';

/** The accounts that everybody knows the passwords of, for trying the shop out. */
export const DEMO_ACCOUNTS: readonly { email: string; password: string; role: Role }[] = [
  { email: 'admin@example.com', password: 'cartograph-admin', role: 'ADMIN' },
  { email: 'shopper@example.com', password: 'cartograph-shopper', role: 'USER' },
];

/**
 * The addresses of the demo accounts, as readEmail gives them. In production nobody registers or
 * signs in with one, whoever wrote the account.
 */
export const DEMO_EMAILS: ReadonlySet<string> = new Set(DEMO_ACCOUNTS.map(({ email }) => email));
