import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { applyMigrations } from '../../tools/migrate/apply-migrations.ts';
import { ensureDatabases } from '../../tools/postgres/databases.ts';
import { describeExit, type RunningProcess } from '../../tools/postgres/running-process.ts';
import { startThrowAwayPostgres } from '../../tools/postgres/throw-away.ts';
import { type AppName, APPS, SERVICES, variableOf } from '../../tools/services.ts';
import { startNode } from '../../tools/start/app-process.ts';
import { databaseName, environmentOf } from '../../tools/start/environment.ts';
import { waitForReady } from '../../tools/start/shop.ts';
import { makeProductionEnvironment } from '../bench/production/production-environment.ts';
import { findServicePort } from '../sandbox/service-port.ts';
import type { Release, ReleaseShop } from './release.ts';

const READY_MS = 120_000;

type Running = { readonly release: Release; readonly process: RunningProcess };

const choosePorts = async (): Promise<Record<AppName, number>> =>
  Object.fromEntries(
    await Promise.all(APPS.map(async (app) => [app, await findServicePort()] as const)),
  ) as Record<AppName, number>;

/**
 * Makes the databases of a shop whose apps are processes on a throw-away Postgres. Logs are kept when
 * `close` is told so.
 * @param folders a checkout of each release
 */
export const openProcessShop = async (
  folders: Readonly<Record<Release, string>>,
): Promise<ReleaseShop> => {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-rehearsal-'));
  const postgres = await startThrowAwayPostgres();
  const [ports, metricsPorts] = [await choosePorts(), await choosePorts()];
  const postgresPort = Number(new URL(postgres.adminUrl).port);
  const environment = makeProductionEnvironment(
    stateDir,
    { ...ports, postgres: postgresPort },
    metricsPorts,
    {},
  );
  const running = new Map<AppName, Running>();
  const originOf = (app: AppName): string => `http://127.0.0.1:${ports[app]}`;
  const databases = SERVICES.map((service) => ({
    service,
    databaseUrl: environment[variableOf(service, 'DATABASE_URL')] ?? '',
  }));
  await ensureDatabases(
    postgres.adminUrl,
    SERVICES.map((service) => ({
      role: databaseName(service),
      database: databaseName(service),
      password: environment[variableOf(service, 'DB_PASSWORD')] ?? '',
    })),
  );

  const stop = async (apps: readonly AppName[]): Promise<void> => {
    await Promise.all(apps.map(async (app) => running.get(app)?.process.stop()));
    for (const app of apps) running.delete(app);
  };

  return {
    originOf,
    databases,

    migrate: async (release) => {
      const prismaDir = path.join(folders[release], 'prisma');
      for (const database of databases) await applyMigrations({ ...database, prismaDir });
    },

    run: async (releases) => {
      const changed = APPS.filter((app) => running.get(app)?.release !== releases[app]);
      await stop(changed);
      for (const app of changed) {
        const release = releases[app];
        const process = await startNode(`apps/${app}/src/main.ts`, {
          cwd: folders[release],
          env: environmentOf(app, environment),
          logFile: path.join(stateDir, `${app}.log`),
        });
        running.set(app, { release, process });
      }
      const ended = new Map<string, string>();
      for (const [app, { process }] of running) {
        void process.exited.then((exit) => ended.set(app, describeExit(exit)));
      }
      const late = await waitForReady(
        APPS.map((name) => ({ name, url: `${originOf(name)}/readyz` })),
        {
          timeoutMs: READY_MS,
          isHopeless: (name) => ended.has(name),
          signal: new AbortController().signal,
        },
      );
      if (late.length === 0) return;
      const names = late.map(({ name }) => `${name} (${ended.get(name) ?? 'is not ready'})`);
      throw new Error(`${names.join(', ')}: see ${stateDir}`);
    },

    stopAll: () => stop(APPS),

    close: async (keepsLogs) => {
      await stop(APPS);
      await postgres.stop();
      if (!keepsLogs) fs.rmSync(stateDir, { recursive: true });
    },
  };
};
