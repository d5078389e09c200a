import path from 'node:path';
import { ensureDatabases } from '../postgres/databases.ts';
import { findLeftover } from '../postgres/leftover.ts';
import { standInDataDir, standInFor } from '../postgres/placement.ts';
import { removePostgresData } from '../postgres/remove-data.ts';
import { startPostgres } from '../postgres/server.ts';
import { STOP_TURN } from './apps.ts';
import { SERVICES } from '../services.ts';
import { databaseName } from './environment.ts';
import { makeLogFile } from './log-file.ts';
import type { ShopPlan } from './plan.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/**
 * Starts the embedded Postgres in the supervisor's care, with a database and a role per service.
 * @throws {PostgresFailure} with a sentence to print
 */
export async function startEmbedded(plan: ShopPlan): Promise<void> {
  const { settings, environment, logDir, log, supervisor } = plan;
  const options = {
    ...postgresPlaces(settings.stateDir),
    port: settings.ports.postgres,
    superuserPassword: environment['POSTGRES_SUPERUSER_PASSWORD'] ?? '',
    logFile: makeLogFile(logDir, 'postgres').path,
    log,
  };
  let adminUrl = '';
  await supervisor.start({
    name: 'postgres',
    stopTurn: STOP_TURN.postgres,
    start: async (signal) => {
      const server = await startPostgres({ ...options, signal });
      adminUrl = server.adminUrl;
      return server;
    },
  });
  const services = SERVICES.map((service) => ({
    role: databaseName(service),
    database: databaseName(service),
    password: environment[`${service.toUpperCase()}_DB_PASSWORD`] ?? '',
  }));
  await ensureDatabases({ adminUrl, services });
}

/** The port of an embedded Postgres of this state folder that an earlier run left behind. */
export function findLeftoverPort({ stateDir }: Settings): number | undefined {
  const { dataDir, runtimeDir } = postgresPlaces(stateDir);
  return (findLeftover(dataDir) ?? findLeftover(standInDataDir(runtimeDir)))?.port;
}

/**
 * Removes the embedded Postgres's data, wherever it was placed.
 * @throws {Refusal} when the databases are others'
 */
export async function resetEmbedded(
  { embedded, stateDir }: Settings,
  log: (line: string) => void,
): Promise<void> {
  if (!embedded) {
    throw new Refusal('--reset empties the embedded Postgres only; *_DATABASE_URL name others.');
  }
  await removePostgresData({ ...postgresPlaces(stateDir), log });
}

function postgresPlaces(stateDir: string): { dataDir: string; runtimeDir: string } {
  return { dataDir: path.join(stateDir, 'postgres', 'data'), runtimeDir: standInFor(stateDir) };
}
