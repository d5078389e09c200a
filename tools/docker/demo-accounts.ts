import { CommandFailure, EXIT } from '@cartograph/command';
import { compose } from './compose.ts';
import { readContainerSecret } from './secrets.ts';

/** An account that was made for the person who started the shop, with a password of this clone alone. */
export type ContainerAccount = {
  readonly email: string;
  readonly password: string;
  readonly role: 'USER' | 'ADMIN';
};

/** Production refuses the addresses of the published demo accounts: the containers have others. */
const ACCOUNTS = [
  { email: 'admin@cartograph.example', role: 'ADMIN', secret: 'DEMO_ADMIN_PASSWORD' },
  { email: 'shopper@cartograph.example', role: 'USER', secret: 'DEMO_SHOPPER_PASSWORD' },
] as const;

/** The accounts that `docker:up` makes. @param folder of the secrets */
export const readContainerAccounts = (folder: string): readonly ContainerAccount[] =>
  ACCOUNTS.map(({ email, role, secret }) => ({
    email,
    role,
    password: readContainerSecret(folder, secret),
  }));

/**
 * Checks that an account that exists is of an earlier start. Anyone who reaches the shop may register its address
 * first, and must not be made an administrator.
 */
const checkPassword = async (
  restUrl: string,
  { email, password }: Pick<ContainerAccount, 'email' | 'password'>,
): Promise<void> => {
  const response = await fetch(`${restUrl}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (response.status === 200) return;
  throw new CommandFailure(
    EXIT.failed,
    `${email} exists and has another password: another client registered it, or docker/secrets is new. ` +
      '`npm run docker:down -- --volumes` begins again.',
  );
};

/**
 * Registers an account with the REST API, as any client would, and grants its role in the container of
 * the user service.
 */
export const makeContainerAccount = async (
  restUrl: string,
  { email, password, role }: ContainerAccount,
): Promise<void> => {
  const response = await fetch(`${restUrl}/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (response.status === 409) await checkPassword(restUrl, { email, password });
  else if (response.status !== 201) {
    throw new CommandFailure(
      EXIT.failed,
      `${email} could not be registered: the REST API responded ${response.status}.`,
    );
  }
  if (role !== 'USER') await compose(['run', '--rm', 'user', 'grant', email, role]);
};
