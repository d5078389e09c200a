/**
 * `npm run user:grant -- EMAIL ADMIN`: gives an account a role. It holds from the account's next
 * access token on, so its sessions end and it signs in again.
 */
import { parseArgs } from 'node:util';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { makeDatabase } from '../../apps/user/src/db/make-database.ts';
import { readEmail } from '../../apps/user/src/domain/credentials.ts';
import { readShopEnvironment } from './read-shop-environment.ts';

const USAGE = 'Usage: npm run user:grant -- EMAIL USER|ADMIN';

class Refusal extends Error {}

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
  const env = parseEnv(z.object({ USER_DATABASE_URL: postgresUrl() }), readShopEnvironment());
  const database = makeDatabase({ databaseUrl: env.USER_DATABASE_URL, databasePoolSize: 1 });
  try {
    const now = new Date();
    const [user] = await database.user.updateManyAndReturn({
      where: { email },
      data: { role, updatedAt: now },
      select: { id: true },
    });
    if (!user) throw new Refusal(`There is no account ${email}.`);
    const ended = await database.session.updateMany({
      where: { userId: user.id, revokedAt: null },
      data: { revokedAt: now },
    });
    return `${email} is ${role} now; ${ended.count} sessions ended.`;
  } finally {
    await database.$disconnect();
  }
};

try {
  console.log(await grant());
} catch (error) {
  const isExpected = error instanceof Refusal || error instanceof ConfigError;
  console.error(isExpected ? error.message : 'The user database can not be reached.');
  process.exitCode = 1;
}
