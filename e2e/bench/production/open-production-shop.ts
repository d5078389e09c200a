import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Variables } from '@cartograph/command';
import pg from 'pg';
import { ensureDatabases } from '../../../tools/postgres/databases.ts';
import { describeExit, type RunningProcess } from '../../../tools/postgres/running-process.ts';
import { startThrowAwayPostgres } from '../../../tools/postgres/throw-away.ts';
import {
  type AppName,
  APPS,
  type ServiceName,
  SERVICES,
  variableOf,
} from '../../../tools/services.ts';
import { findServicePort } from '../../sandbox/service-port.ts';
import { startNode } from '../../../tools/start/app-process.ts';
import { databaseName, environmentOf } from '../../../tools/start/environment.ts';
import { waitForReady } from '../../../tools/start/shop.ts';
import { makeProductionEnvironment } from './production-environment.ts';

const run = promisify(execFile);

export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const READY_MS = 180_000;

/** As durable as in production, and with counts of each statement. */
const POSTGRES_SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '10000',
  // It runs at times of its own: no operation is charged with the vacuum after another.
  autovacuum: 'off',
};

/** A shop in production mode on a throw-away Postgres. */
export type ProductionShop = {
  readonly originOf: (app: AppName) => string;
  readonly metricsOriginOf: (app: AppName) => string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** The superuser's connection to the database `postgres`. */
  readonly admin: pg.Client;
  readonly postgresPid: number;
  readonly pids: Readonly<Record<AppName, number>>;
  /** Rejects when a process of the shop has ended; never resolves. */
  readonly failed: Promise<never>;
  readonly logDir: string;
};

export type ProductionShopOptions = {
  /** A checkout of this repository with its packages installed; this one when left out. */
  readonly checkout?: string;
  readonly env?: Variables;
  /** Where each app writes its CPU profile when it ends. */
  readonly profileDir?: string;
  /** Where each service finds its database, given the port of Postgres; there if left out. */
  readonly databasePortOf?: (service: ServiceName, port: number) => Promise<number>;
};

/** One port for each app. */
const choosePorts = async (): Promise<Record<AppName, number>> =>
  Object.fromEntries(
    await Promise.all(APPS.map(async (app) => [app, await findServicePort()] as const)),
  ) as Record<AppName, number>;

/** The addresses of the databases as the services see them. */
const moveDatabases = async (
  environment: Variables,
  portOf: ProductionShopOptions['databasePortOf'] = async (_service, port) => port,
): Promise<Variables> =>
  Object.fromEntries(
    await Promise.all(
      SERVICES.map(async (service) => {
        const name = variableOf(service, 'DATABASE_URL');
        const url = new URL(environment[name] ?? '');
        url.port = String(await portOf(service, Number(url.port)));
        return [name, url.href] as const;
      }),
    ),
  );

/** Runs a command of the checkout; its own code knows its migrations. */
const runTool = (checkout: string, args: readonly string[], env: Variables) =>
  run(process.execPath, args, { cwd: checkout, env, maxBuffer: 1e8 });

/** Node's flags that profile an app until it ends. */
const profileFlags = (dir: string, app: AppName): string =>
  `--cpu-prof --cpu-prof-dir=${dir} --cpu-prof-name=${app}.cpuprofile`;

const open = async (
  { checkout = ROOT, env = {}, profileDir, databasePortOf }: ProductionShopOptions,
  stack: Closer,
) => {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-bench-'));
  const postgres = await startThrowAwayPostgres(POSTGRES_SETTINGS);
  stack.add(() => postgres.stop());
  const [appPorts, metricsPorts] = [await choosePorts(), await choosePorts()];
  const ports = { ...appPorts, postgres: Number(new URL(postgres.adminUrl).port) };
  const complete = makeProductionEnvironment(stateDir, ports, metricsPorts, env);
  const environment = { ...complete, ...(await moveDatabases(complete, databasePortOf)) };

  const owned = SERVICES.map((service) => ({
    role: databaseName(service),
    database: databaseName(service),
    password: environment[variableOf(service, 'DB_PASSWORD')] ?? '',
  }));
  await ensureDatabases(postgres.adminUrl, owned);
  await runTool(checkout, ['tools/generate/main.ts'], environment);
  await runTool(checkout, ['tools/migrate/main.ts', 'deploy'], environment);
  const admin = new pg.Client(postgres.adminUrl);
  await admin.connect();
  stack.add(() => admin.end());
  await admin.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');

  const processes = new Map<AppName, RunningProcess>();
  let isClosing = false;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  stack.add(async () => {
    isClosing = true;
    await Promise.all([...processes.values()].map((one) => one.stop()));
  });
  for (const app of APPS) {
    const logFile = path.join(stateDir, `${app}.log`);
    const started = await startNode(`apps/${app}/src/main.ts`, {
      cwd: checkout,
      env: {
        ...environmentOf(app, environment),
        ...(profileDir !== undefined && { NODE_OPTIONS: profileFlags(profileDir, app) }),
      },
      logFile,
    });
    processes.set(app, started);
    void started.exited.then((exit) => {
      const sentence = `${app} ended (${describeExit(exit)}): see ${logFile}`;
      if (!isClosing) failed.reject(new Error(sentence));
    });
  }
  const originOf = (app: AppName): string => `http://127.0.0.1:${ports[app]}`;
  const ready = waitForReady(
    APPS.map((name) => ({ name, url: `${originOf(name)}/readyz` })),
    { timeoutMs: READY_MS, isHopeless: () => false, signal: new AbortController().signal },
  );
  const late = await Promise.race([ready, failed.promise]);
  if (late.length > 0) {
    throw new Error(`not ready: ${late.map(({ name }) => name).join(', ')}; see ${stateDir}`);
  }
  const shop: ProductionShop = {
    originOf,
    metricsOriginOf: (app) => `http://127.0.0.1:${metricsPorts[app]}`,
    databaseUrls: Object.fromEntries(
      SERVICES.map((service) => {
        const url = new URL(postgres.adminUrl);
        url.pathname = `/${databaseName(service)}`;
        return [service, url.href];
      }),
    ) as ProductionShop['databaseUrls'],
    admin,
    postgresPid: postgres.pid,
    pids: Object.fromEntries([...processes].map(([app, { pid }]) => [app, pid])) as Record<
      AppName,
      number
    >,
    failed: failed.promise,
    logDir: stateDir,
  };
  return shop;
};

type Closer = { readonly add: (close: () => Promise<unknown>) => void };

/**
 * Runs `work` with a whole shop: six processes with NODE_ENV=production, on a durable Postgres of its
 * own that counts statements. Logs are kept, and named in the error, when something fails.
 */
export const withProductionShop = async <Result>(
  options: ProductionShopOptions,
  work: (shop: ProductionShop) => Promise<Result>,
): Promise<Result> => {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const shop = await open(options, { add: (close) => void closers.unshift(close) });
    const result = await Promise.race([work(shop), shop.failed]);
    closers.push(async () => fs.rmSync(shop.logDir, { recursive: true }));
    return result;
  } finally {
    for (const close of closers) await close();
  }
};
