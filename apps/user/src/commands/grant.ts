/**
 * `npm run user:grant -- EMAIL ADMIN`: changes the role of an account. Its access tokens have the
 * former role, so its sessions are revoked and it signs in again.
 */
import type { Role } from '@cartograph/auth';
import {
  CommandFailure,
  EXIT,
  makeProgram,
  readShopEnvironment,
  runProgram,
} from '@cartograph/command';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { Argument, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { makeDatabase } from '../db/make-database.ts';
import { makePrismaUserStore } from '../db/make-prisma-user-store.ts';
import { normalizeEmail } from '../domain/input.ts';

const VARIABLE = 'USER_DATABASE_URL';

/** Fails with the message of the database or its driver, without Prisma's own text around it. */
const fail =
  (sentence: string) =>
  (cause: unknown): never => {
    const last = (cause as Error).message.trim().split('\n').at(-1) ?? '';
    const reason = /Message: `(.*)`$/.exec(last)?.[1] ?? last.trim();
    throw new CommandFailure(EXIT.failed, `${sentence}: ${reason}`, { cause });
  };

const parseAddress = (given: string): string => {
  const email = normalizeEmail(given);
  if (email === null) throw new InvalidArgumentError('It must be an e-mail address.');
  return email;
};

const grant = async (email: string, role: Role): Promise<void> => {
  // The operator chooses the database. Nothing is served here, so development defaults are fine.
  const env = { NODE_ENV: 'development', ...readShopEnvironment(VARIABLE, process.env) };
  const { [VARIABLE]: databaseUrl } = parseEnv(z.object({ [VARIABLE]: postgresUrl() }), env);
  const database = makeDatabase({ databaseUrl, databasePoolSize: 1 });
  try {
    await database.prisma.$queryRaw`SELECT 1`.catch(fail('The user database can not be reached'));
    const revoked = await makePrismaUserStore(database)
      .updateRole(email, role)
      .catch(fail(`The role of ${email} was not changed`));
    if (revoked === null) throw new CommandFailure(EXIT.failed, `There is no account ${email}.`);
    process.stdout.write(`${email} is ${role} now; ${revoked} sessions ended.\n`);
  } finally {
    await database.close();
  }
};

const program = makeProgram('npm run user:grant --', 'Gives an account a role.')
  .argument('<email>', 'the address of the account', parseAddress)
  .addArgument(new Argument('<role>').choices(['USER', 'ADMIN']))
  .action(grant);

process.exitCode = await runProgram(program, process.argv.slice(2));
