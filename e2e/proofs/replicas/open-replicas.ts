import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure, EXIT, type Variables } from '@cartograph/command';
import { findBroker, startBroker } from '@cartograph/events/test';
import { findRedisServer, startRedisServer } from '@cartograph/redis/test';
import pg from 'pg';
import { ensureDatabases } from '../../../tools/postgres/databases.ts';
import { startThrowAwayPostgres } from '../../../tools/postgres/throw-away.ts';
import {
  type AppName,
  APPS,
  type ServiceName,
  SERVICES,
  variableOf,
} from '../../../tools/services.ts';
import { databaseName, environmentOf } from '../../../tools/start/environment.ts';
import { makeProductionEnvironment } from '../../bench/production/production-environment.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { findServicePort } from '../../sandbox/service-port.ts';
import { SHUTDOWN_DELAY_MS } from './haproxy-config.ts';
import { makeReplica, type Replica } from './replica.ts';
import { startHaproxy, type Haproxy } from './start-haproxy.ts';

const run = promisify(execFile);

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const REPLICAS = [1, 2] as const;

/** Two of each app, in production mode, behind haproxy. */
export type Replicas = {
  readonly originOf: (app: AppName) => string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Those of orders, stock and money. */
  readonly databases: Sandbox['databases'];
  readonly replicas: readonly Replica[];
  readonly haproxy: Haproxy;
  readonly logDir: string;
};

type Stack = { readonly add: (close: () => Promise<unknown>) => void };

/** On a machine that is too small for the load, requests wait instead of being rejected. */
const WIDE_LIMITS = {
  ADMISSION_MIN_CONCURRENT: '64',
  ADMISSION_SIGN_IN_CONCURRENT: '64',
  ADMISSION_MAX_WAIT_MS: '15000',
};

const choosePorts = async <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await findServicePort()] as const)),
  ) as Record<Name, number>;

/** The broker and Redis. @throws CommandFailure where there is none of them */
const startServers = async (stack: Stack): Promise<Variables> => {
  const [brokerProgram, redisProgram] = [await findBroker(), await findRedisServer()];
  if (brokerProgram === null || redisProgram === null) {
    throw new CommandFailure(EXIT.failed, 'This proof needs nats-server and redis-server.');
  }
  const broker = await startBroker(brokerProgram);
  stack.add(broker.close);
  const redis = await startRedisServer(redisProgram);
  stack.add(redis.close);
  return { NATS_URL: broker.url, REDIS_URL: redis.url, THROTTLE_STORE: 'redis' };
};

const openDatabase = async (url: string, stack: Stack): Promise<Sandbox['databases']['order']> => {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  stack.add(() => pool.end());
  return {
    url,
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await pool.query<Row>(sql, values)).rows,
    drop: async () => undefined,
  };
};

/** As a sandbox of these services has them. */
const openDatabases = async (urlOf: (service: ServiceName) => string, stack: Stack) =>
  Object.fromEntries(
    await Promise.all(
      (['product', 'order', 'payment'] as const).map(
        async (service) => [service, await openDatabase(urlOf(service), stack)] as const,
      ),
    ),
  ) as Sandbox['databases'];

const startDatabases = async (adminUrl: string, environment: Variables): Promise<void> => {
  const owned = SERVICES.map((service) => ({
    role: databaseName(service),
    database: databaseName(service),
    password: environment[variableOf(service, 'DB_PASSWORD')] ?? '',
  }));
  await ensureDatabases(adminUrl, owned);
  for (const args of [['tools/generate/main.ts'], ['tools/migrate/main.ts', 'deploy']]) {
    await run(process.execPath, args, { cwd: ROOT, env: environment, maxBuffer: 1e8 });
  }
};

const makeReplicas = async (environment: Variables, logDir: string) => {
  const all: { readonly app: AppName; readonly replica: Replica }[] = [];
  for (const app of APPS) {
    for (const number of REPLICAS) {
      const name = `${app}-${number}`;
      const port = await findServicePort();
      const env = {
        ...environmentOf(app, environment),
        [variableOf(app, 'PORT')]: String(port),
        METRICS_PORT: String(await findServicePort()),
      };
      const logFile = path.join(logDir, `${name}.log`);
      all.push({
        app,
        replica: makeReplica({ app, name, number, port, root: ROOT, env, logFile }),
      });
    }
  }
  return all;
};

const open = async (logDir: string, stack: Stack): Promise<Replicas> => {
  const servers = await startServers(stack);
  const postgres = await startThrowAwayPostgres();
  stack.add(() => postgres.stop());
  const ports = await choosePorts(APPS);
  const environment = makeProductionEnvironment(
    logDir,
    // Others reach an app at the port of haproxy.
    { ...ports, postgres: Number(new URL(postgres.adminUrl).port) },
    await choosePorts(APPS),
    {
      ...servers,
      ...WIDE_LIMITS,
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: path.join(ROOT, '.cartograph', 'compile-cache'),
      SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS),
      // REST is ready while there is a router, also when haproxy sends the question to one that stops.
      ROUTER_READY_URL: `http://127.0.0.1:${ports.router}/healthz`,
    },
  );
  await startDatabases(postgres.adminUrl, environment);

  const made = await makeReplicas(environment, logDir);
  const replicasOf = (app: AppName) =>
    made.filter((one) => one.app === app).map(({ replica }) => replica);
  const backends = APPS.map((app) => ({ name: app, port: ports[app], replicas: replicasOf(app) }));
  const haproxy = await startHaproxy(backends, logDir);
  stack.add(haproxy.stop);
  const replicas = made.map(({ replica }) => replica);
  stack.add(() => Promise.all(replicas.map((replica) => replica.stop())));
  // Not all at once: twelve starts take all the time of a small machine.
  for (const app of APPS) {
    const own = replicasOf(app);
    for (const replica of own) await replica.start();
    await haproxy.untilUp(own.map(({ name }) => name));
  }

  const urlOf = (service: ServiceName): string => {
    const url = new URL(postgres.adminUrl);
    url.pathname = `/${databaseName(service)}`;
    return url.href;
  };
  return {
    originOf: (app) => `http://127.0.0.1:${ports[app]}`,
    databaseUrls: Object.fromEntries(
      SERVICES.map((service) => [service, urlOf(service)]),
    ) as Replicas['databaseUrls'],
    databases: await openDatabases(urlOf, stack),
    replicas,
    haproxy,
    logDir,
  };
};

/** Runs `work` with two replicas of each app. Logs are kept, and named, when a promise did not hold. */
export const withReplicas = async <Result extends { readonly held: boolean }>(
  work: (replicas: Replicas) => Promise<Result>,
): Promise<Result> => {
  const closers: (() => Promise<unknown>)[] = [];
  const logDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-replicas-'));
  let keepsLogs = true;
  try {
    const result = await work(await open(logDir, { add: (close) => void closers.unshift(close) }));
    keepsLogs = !result.held;
    return result;
  } finally {
    for (const close of closers) await close();
    if (keepsLogs) console.log(`logs: ${logDir}`);
    else fs.rmSync(logDir, { recursive: true });
  }
};
