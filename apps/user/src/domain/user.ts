import type { Role } from '@cartograph/auth';

/** An account of the shop. */
export type User = {
  readonly id: string;
  /** Normalised by normalizeEmail. */
  readonly email: string;
  /** What the customer likes to be called. */
  readonly name: string | null;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The accounts of a development shop, whose passwords are published. */
export const DEMO_ACCOUNTS: readonly { email: string; password: string; role: Role }[] = [
  { email: 'admin@example.com', password: 'cartograph-admin', role: 'ADMIN' },
  { email: 'shopper@example.com', password: 'cartograph-shopper', role: 'USER' },
];

/**
 * The normalised addresses of the demo accounts. In production no client can register or sign in
 * with one, even if such a row exists.
 */
export const DEMO_EMAILS: ReadonlySet<string> = new Set(DEMO_ACCOUNTS.map(({ email }) => email));
