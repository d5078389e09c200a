import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { readDatabaseUrls } from '../migrate/database-urls.ts';
import { ensureDatabases } from '../postgres/databases.ts';
import { findLeftover, removePostgresData } from '../postgres/leftover.ts';
import { dataDirsOf, runtimeDirOf } from '../postgres/placement.ts';
import { startPostgres } from '../postgres/server.ts';
import { SERVICES, variableOf } from '../services.ts';
import { beginLog, type ShopPlan } from './app-process.ts';
import { databaseName } from './environment.ts';
import type { Settings } from './settings.ts';
import { STOP_ORDER } from './supervisor.ts';

const placesOf = ({ stateDir }: Settings) => ({
  dataDir: path.join(stateDir, 'postgres', 'data'),
  runtimeDir: runtimeDirOf(stateDir),
});

/** The port of an embedded Postgres of this state folder that an earlier run left behind. */
export const findLeftoverPort = (settings: Settings): number | undefined =>
  dataDirsOf(placesOf(settings))
    .map(findLeftover)
    .find((found) => found !== undefined)?.port;

/**
 * Removes the embedded Postgres's data, wherever it was placed.
 * @throws CommandFailure when other databases are used
 */
export const resetDatabases = async (
  settings: Settings,
  log: (line: string) => void,
): Promise<void> => {
  if (!settings.embedded) {
    throw new CommandFailure(
      EXIT.failed,
      '--reset empties the embedded Postgres only; *_DATABASE_URL name others.',
    );
  }
  await removePostgresData({ ...placesOf(settings), log });
};

/**
 * Starts the embedded Postgres, where it is used, and applies all migrations.
 * @throws CommandFailure with a sentence to print
 */
export const prepareDatabases = async (plan: ShopPlan): Promise<void> => {
  const { settings, environment, signal } = plan;
  const databases = readDatabaseUrls(SERVICES, environment);
  if (settings.embedded) await startEmbedded(plan);
  signal.throwIfAborted();
  // Loaded here, since a start that fails before never needs it.
  const { applyMigrations } = await import('../migrate/apply-migrations.ts');
  await Promise.all(
    databases.map((database) =>
      applyMigrations(database).catch((error: Error) => {
        const variable = variableOf(database.service, 'DATABASE_URL');
        const sentence = `The database of ${variable} can't be used. ${error.message}`;
        throw new CommandFailure(EXIT.failed, sentence, { cause: error });
      }),
    ),
  );
};

/** Starts the embedded Postgres, supervised, with a database and a role per service. */
const startEmbedded = async (plan: ShopPlan): Promise<void> => {
  const { settings, environment, logDir, log, supervisor } = plan;
  const options = {
    ...placesOf(settings),
    port: settings.ports.postgres,
    superuserPassword: environment['POSTGRES_SUPERUSER_PASSWORD'] ?? '',
    logFile: beginLog(logDir, 'postgres'),
    log,
  };
  let adminUrl = '';
  await supervisor.start({
    name: 'postgres',
    stopOrder: STOP_ORDER.postgres,
    start: async (signal) => {
      const server = await startPostgres({ ...options, signal });
      adminUrl = server.adminUrl;
      return server;
    },
  });
  await ensureDatabases(
    adminUrl,
    SERVICES.map((service) => ({
      role: databaseName(service),
      database: databaseName(service),
      password: environment[variableOf(service, 'DB_PASSWORD')] ?? '',
    })),
  );
};
