import { EXIT, type Command } from '@cartograph/command';
import { Argument } from 'commander';
import { type ServiceName, SERVICES } from '../services.ts';
import { applyMigrations, messageOf } from './apply-migrations.ts';
import { readDatabaseUrls } from './database-urls.ts';

/** The services that a command names, in the order in which they are migrated; all if it names none. */
export const chosenServices = (services: readonly ServiceName[]): readonly ServiceName[] =>
  SERVICES.filter((service) => services.length === 0 || services.includes(service));

/** The argument that names services. */
export const servicesArgument = (): Argument =>
  new Argument('[services...]', 'all if not given').choices(SERVICES);

/** One after another; a service that fails does not keep the others from their turn. */
const deploy = async (services: readonly ServiceName[]): Promise<void> => {
  for (const database of readDatabaseUrls(chosenServices(services), process.env)) {
    try {
      const applied = await applyMigrations(database);
      const what = applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`;
      console.log(`${database.service}: ${what}`);
    } catch (error) {
      console.error(messageOf(error));
      process.exitCode = EXIT.failed;
    }
  }
};

/** Makes `command` apply the pending migrations of the services that it is given. */
export const addDeploy = (command: Command): Command =>
  command
    .description('applies pending migrations to the databases of the *_DATABASE_URLs')
    .addArgument(servicesArgument())
    .action(deploy);
