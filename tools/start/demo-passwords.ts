import { randomBytes } from 'node:crypto';
import { DEMO_ACCOUNTS } from '../../apps/user/src/domain/user.ts';
import { CommandFailure, EXIT, type Variables } from '@cartograph/command';
import { isLoopback } from './settings.ts';

/** A demo account, its password for this start, and those that earlier starts may have set. */
export interface DemoAccount {
  readonly email: string;
  readonly role: 'ADMIN' | 'USER';
  readonly password: string;
  readonly formerPasswords: readonly string[];
}

/** Short enough to be typed; 96 bits can't be guessed. */
const PASSWORD_BYTES = 12;

/** Makes a password for a demo account of this clone alone. */
export const makeDemoPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');

/** The variable of an account's own password: `DEMO_ADMIN_PASSWORD`. */
const variableOf = (email: string): string =>
  `DEMO_${(email.split('@')[0] ?? '').toUpperCase()}_PASSWORD`;

/** The variables with the passwords of this clone's own demo accounts. */
export const DEMO_PASSWORD_VARIABLES: readonly string[] = DEMO_ACCOUNTS.map(({ email }) =>
  variableOf(email),
);

/**
 * The demo accounts of a shop that listens on `HOST`. They have their published passwords only where
 * no other machine can reach the shop, and passwords of this clone's own elsewhere.
 */
export const readDemoAccounts = (environment: Variables): readonly DemoAccount[] => {
  const isPrivate = isLoopback(environment['HOST'] ?? '');
  return DEMO_ACCOUNTS.map(({ email, role, password: published }) => {
    const own = environment[variableOf(email)];
    if (own === undefined) {
      throw new CommandFailure(EXIT.failed, `${variableOf(email)} is not set.`);
    }
    return isPrivate
      ? { email, role, password: published, formerPasswords: [own] }
      : { email, role, password: own, formerPasswords: [published] };
  });
};
