/**
 * `npm run user:grant -- EMAIL ADMIN`: gives an account a role. It holds from the account's next
 * access token on, so its sessions end and it signs in again.
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
import { changeRole } from '../db/change-role.ts';
import { makeDatabase } from '../db/make-database.ts';
import { readEmail } from '../domain/email.ts';

/** What the database or its driver said, without what Prisma puts around it. */
const reasonOf = (error: unknown): string => {
  const last = (error as Error).message.trim().split('\n').at(-1) ?? '';
  return /Message: `(.*)`$/.exec(last)?.[1] ?? last.trim();
};

const readAddress = (given: string): string => {
  const email = readEmail(given);
  if (email === null) throw new InvalidArgumentError('It must be an e-mail address.');
  return email;
};

const grant = async (email: string, role: Role): Promise<string> => {
  const env = parseEnv(z.object({ USER_DATABASE_URL: postgresUrl() }), {
    // Whose database it is, is the operator's choice: nothing is served here.
    NODE_ENV: 'development',
    ...readShopEnvironment('USER_DATABASE_URL', process.env),
  });
  const database = makeDatabase({ databaseUrl: env.USER_DATABASE_URL, databasePoolSize: 1 });
  try {
    await database.$queryRaw`SELECT 1`.catch((cause: unknown) => {
      throw new CommandFailure(
        EXIT.failed,
        `The user database can not be reached: ${reasonOf(cause)}`,
        { cause },
      );
    });
    const revoked = await changeRole(database, email, role).catch((cause: unknown) => {
      throw new CommandFailure(
        EXIT.failed,
        `The role of ${email} was not changed: ${reasonOf(cause)}`,
        { cause },
      );
    });
    if (revoked === null) throw new CommandFailure(EXIT.failed, `There is no account ${email}.`);
    return `${email} is ${role} now; ${revoked} sessions ended.`;
  } finally {
    await database.$disconnect();
  }
};

const program = makeProgram('npm run user:grant --', 'Gives an account a role.')
  .argument('<email>', 'the address of the account', readAddress)
  .addArgument(new Argument('<role>').choices(['USER', 'ADMIN']))
  .action(async (email: string, role: Role) => {
    console.log(await grant(email, role));
  });

process.exitCode = await runProgram(program, process.argv.slice(2));
