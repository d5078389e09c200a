/** `npm run migrate -- deploy | check | new`: the databases of the services and their migrations. */
import { EXIT, makeProgram, matching, runProgram } from '@cartograph/command';
import { Argument } from 'commander';
import { startThrowAwayPostgres } from '../postgres/throw-away.ts';
import { type ServiceName, SERVICES } from '../services.ts';
import { messageOf } from './apply-migrations.ts';
import { addDeploy, chosenServices, servicesArgument } from './deploy.ts';
import { migrationDirectoryName, readPrismaFiles, writeMigration } from './migration-files.ts';
import { planMigration } from './plan-migration.ts';

const fail = (sentence: string): void => {
  console.error(sentence);
  process.exitCode = EXIT.failed;
};

const check = (services: readonly ServiceName[]): Promise<void> =>
  withAdminUrl(async (adminUrl) => {
    for (const service of chosenServices(services)) {
      try {
        const sql = await planMigration({ service, adminUrl });
        if (sql === '') console.log(`${service}: migrations lead to the schema`);
        else fail(`${service}: migrations do not lead to the schema; missing:\n${sql.trimEnd()}`);
      } catch (error) {
        fail(messageOf(error));
      }
    }
  });

const write = (service: ServiceName, name: string): Promise<void> =>
  withAdminUrl(async (adminUrl) => {
    const sql = await planMigration({ service, adminUrl });
    if (sql === '') {
      console.log(`${service}: the schema has not changed, nothing written`);
      return;
    }
    const files = await readPrismaFiles(service);
    const newest = files.migrations.at(-1)?.name;
    const directoryName = migrationDirectoryName(name, new Date(), newest);
    const file = await writeMigration(files, directoryName, sql);
    console.log(`${service}: wrote ${file}`);
  });

/** Plans need a server: the one in POSTGRES_ADMIN_URL, or one that is started for some seconds. */
const withAdminUrl = async (use: (adminUrl: string) => Promise<void>): Promise<void> => {
  const given = process.env['POSTGRES_ADMIN_URL'];
  if (given) return use(given);
  const server = await startThrowAwayPostgres();
  try {
    await use(server.adminUrl);
  } finally {
    await server.stop();
  }
};

const program = makeProgram('npm run migrate --', 'Migrates the databases of the services.');
const snakeCase = matching(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, 'snake_case, such as add_notes');

addDeploy(program.command('deploy'));
program
  .command('check')
  .description("fails where a service's migrations do not lead to its schema.prisma")
  .addArgument(servicesArgument())
  .action(check);
program
  .command('new')
  .description('writes the migration that leads to a changed schema.prisma')
  .addArgument(new Argument('<service>').choices(SERVICES))
  .argument('<name>', 'in snake_case', snakeCase)
  .action(write);

process.exitCode = await runProgram(program, process.argv.slice(2));
