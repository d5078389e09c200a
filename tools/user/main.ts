/**
 * `npm run user:grant -- EMAIL ADMIN`: gives an account a role. It holds from the account's next
 * access token on, so its sessions end and it signs in again.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { changeRole } from '../../apps/user/src/db/change-role.ts';
import { makeDatabase } from '../../apps/user/src/db/make-database.ts';
import { readEmail } from '../../apps/user/src/domain/credentials.ts';
import { readGiven } from '../start/environment.ts';
import { Refusal } from '../start/refusal.ts';
import { readShopEnvironment } from './read-shop-environment.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

const USAGE = 'Usage: npm run user:grant -- EMAIL USER|ADMIN';

/** What the database or its driver said, without what Prisma puts around it. */
const reasonOf = (error: unknown): string => {
  const last = (error as Error).message.trim().split('\n').at(-1) ?? '';
  return /Message: `(.*)`$/.exec(last)?.[1] ?? last.trim();
};

const readWords = (): { email: string; role: 'USER' | 'ADMIN' } => {
  const [given = '', role = '', ...rest] = parseArgs({ allowPositionals: true }).positionals;
  const email = readEmail(given);
  if (email === null || (role !== 'USER' && role !== 'ADMIN') || rest.length > 0) {
    throw new Refusal(USAGE);
  }
  return { email, role };
};

const grant = async (): Promise<string> => {
  const { email, role } = readWords();
  const given = readGiven(root, process.env);
  const known = given['USER_DATABASE_URL'] === undefined ? readShopEnvironment() : given;
  const env = parseEnv(z.object({ USER_DATABASE_URL: postgresUrl() }), known);
  const database = makeDatabase({ databaseUrl: env.USER_DATABASE_URL, databasePoolSize: 1 });
  try {
    await database.$queryRaw`SELECT 1`.catch((cause: unknown) => {
      throw new Refusal(`The user database can not be reached: ${reasonOf(cause)}`, { cause });
    });
    const revoked = await changeRole(database, email, role).catch((cause: unknown) => {
      throw new Refusal(`The role of ${email} was not changed: ${reasonOf(cause)}`, { cause });
    });
    if (revoked === null) throw new Refusal(`There is no account ${email}.`);
    return `${email} is ${role} now; ${revoked} sessions ended.`;
  } finally {
    await database.$disconnect();
  }
};

try {
  console.log(await grant());
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
