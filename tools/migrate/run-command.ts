import { applyMigrations, planMigration } from './engine.ts';
import { messageOf } from './migration-error.ts';
import { migrationDirectoryName, readPrismaFiles, writeMigration } from './migration-files.ts';
import { parseCommand, USAGE } from './parse-command.ts';
import { databaseUrls } from './service.ts';
import type { ServiceName } from '../services.ts';

/** What a command works with, handed in so that a test can hand in its own. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Holds a folder per service; the repository's `prisma/` unless given. */
  readonly prismaDir?: string;
}

/**
 * Runs one command line and returns the exit code: 0 done, 1 failed, 2 not understood.
 * Problems are printed, not thrown; one service's failure does not keep the others from their turn.
 */
export async function runCommand(
  words: readonly string[],
  context: CommandContext,
): Promise<0 | 1 | 2> {
  const command = parseCommand(words);
  try {
    switch (command.kind) {
      case 'deploy':
        return await deploy(command.services, context);
      case 'check':
        return await withAdminUrl(context, (adminUrl) =>
          check(command.services, adminUrl, context),
        );
      case 'new':
        return await withAdminUrl(context, (adminUrl) =>
          writeNew(command.service, command.name, adminUrl, context),
        );
      case 'help':
        context.print(USAGE);
        return 0;
      case 'usage':
        context.printError(`${command.problem}\n${USAGE}`);
        return 2;
    }
  } catch (error) {
    context.printError(messageOf(error));
    return 1;
  }
}

async function deploy(services: readonly ServiceName[], context: CommandContext): Promise<0 | 1> {
  let failed = false;
  for (const { service, databaseUrl } of databaseUrls(services, context.env)) {
    try {
      const applied = await applyMigrations({ service, databaseUrl, ...folder(context) });
      const what = applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`;
      context.print(`${service}: ${what}`);
    } catch (error) {
      context.printError(messageOf(error));
      failed = true;
    }
  }
  return failed ? 1 : 0;
}

async function check(
  services: readonly ServiceName[],
  adminUrl: string,
  context: CommandContext,
): Promise<0 | 1> {
  let failed = false;
  for (const service of services) {
    try {
      const sql = await planMigration({ service, adminUrl, ...folder(context) });
      if (sql === '') {
        context.print(`${service}: migrations lead to the schema`);
        continue;
      }
      context.printError(
        `${service}: migrations do not lead to the schema; missing:\n${sql.trimEnd()}`,
      );
    } catch (error) {
      context.printError(messageOf(error));
    }
    failed = true;
  }
  return failed ? 1 : 0;
}

async function writeNew(
  service: ServiceName,
  name: string,
  adminUrl: string,
  context: CommandContext,
): Promise<0> {
  const sql = await planMigration({ service, adminUrl, ...folder(context) });
  if (sql === '') {
    context.print(`${service}: the schema has not changed, nothing written`);
    return 0;
  }
  const files = await readPrismaFiles(service, context.prismaDir);
  const directoryName = migrationDirectoryName(name, context.now());
  context.print(`${service}: wrote ${await writeMigration(files, directoryName, sql)}`);
  return 0;
}

/** Shadow databases need a server: the one in POSTGRES_ADMIN_URL, or one of a few seconds' life. */
async function withAdminUrl<T>(
  context: CommandContext,
  use: (adminUrl: string) => Promise<T>,
): Promise<T> {
  const given = context.env['POSTGRES_ADMIN_URL'];
  if (given) {
    return await use(given);
  }
  const { startThrowAwayPostgres } = await import('../postgres/throw-away.ts');
  const server = await startThrowAwayPostgres();
  try {
    return await use(server.adminUrl);
  } finally {
    await server.stop();
  }
}

function folder({ prismaDir }: CommandContext): { prismaDir?: string } {
  return prismaDir === undefined ? {} : { prismaDir };
}
