import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import { localUrl } from './local-url.ts';
import { ensureCluster } from './cluster.ts';
import { guardServer } from './guard.ts';
import { readPidFile, stopLeftover } from './leftover.ts';
import { type Placement, placePostgres, programPath } from './placement.ts';
import { type RunningProcess, startProcess } from './running-process.ts';
import { runAs, serverEnvironment } from './server-user.ts';

/** How long processes of a server that was killed may hold on to its memory. */
const STILL_IN_USE_MS = 10_000;
const SHUTDOWN_MS = 10_000;
/** Long, since after a crash Postgres replays its log before it accepts connections. */
const START_MS = 60_000;

export interface PostgresOptions {
  /** Made when it does not exist; absolute. */
  readonly dataDir: string;
  readonly port: number;
  readonly superuserPassword: string;
  /** Where programs and data are when root starts Postgres and its user can't reach them. */
  readonly runtimeDir: string;
  /** Receives a line for each thing out of the ordinary. */
  readonly log?: (line: string) => void;
  /** Postgres's output is added to this file; default: `postgres.log` beside the data. */
  readonly logFile?: string;
  /** Further settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folders to remove if this process is killed before it stops the server. */
  readonly removeIfKilled?: readonly string[];
  /** Ends the wait for the server, and stops it. */
  readonly signal?: AbortSignal;
}

export interface PostgresServer extends RunningProcess {
  /** The superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
}

/**
 * Starts a Postgres on 127.0.0.1 and resolves once it accepts connections. The data folder is made
 * on the first start; a server that an earlier run left on it is stopped first.
 * @throws CommandFailure with a sentence to print, when it can't be started
 */
export const startPostgres = async (options: PostgresOptions): Promise<PostgresServer> => {
  const { log = () => {}, superuserPassword, signal } = options;
  const placement = await placePostgres({ ...options, log });
  await stopLeftover(placement.dataDir, log);
  await ensureCluster(placement, superuserPassword);
  const adminUrl = localUrl({
    user: 'postgres',
    password: superuserPassword,
    port: options.port,
    database: 'postgres',
  });

  const deadline = Date.now() + STILL_IN_USE_MS;
  for (;;) {
    try {
      return { ...(await launch(placement, options, adminUrl)), adminUrl };
    } catch (error) {
      const stillInUse = error instanceof CommandFailure && /is still in use/.test(error.message);
      if (!stillInUse || Date.now() > deadline || signal?.aborted) throw error;
    }
    await sleep(200);
  }
};

const launch = async (
  { nativeDir, dataDir, user }: Placement,
  options: PostgresOptions,
  adminUrl: string,
): Promise<RunningProcess> => {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The details of an error have the values of its row, such as an e-mail address that is taken.
    log_error_verbosity: 'terse',
    ...options.settings,
  };
  const settingArgs = Object.entries(settings).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const logFile = options.logFile ?? path.join(path.dirname(options.dataDir), 'postgres.log');
  const logStart = fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const args = ['-D', dataDir, ...settingArgs];
  const server = await startProcess(programPath(nativeDir, 'postgres'), args, {
    ...{ cwd: '/', env: serverEnvironment(), ...runAs(user) },
    ...{ logFile, stopSignal: 'SIGINT', killAfterMs: SHUTDOWN_MS },
  });
  const endGuard = guardServer(server.pid, options.removeIfKilled ?? []);
  void server.exited.then(endGuard);
  try {
    if (!(await waitUntilReady(server, dataDir, options.signal))) {
      const lines = fs.readFileSync(logFile).subarray(logStart).toString('utf8').split('\n');
      const reason = lines.findLast((line) => /FATAL|PANIC|could not|denied/.test(line));
      const words = reason ? `: ${reason.replace(/^.*?(FATAL|PANIC): +/, '')}` : '';
      throw new CommandFailure(EXIT.failed, `Postgres ended while it was starting${words}`);
    }
    await checkPassword(adminUrl);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
};

/** Resolves to true once the server accepts connections, and to false when it ends before. */
const waitUntilReady = async (
  { pid, exited }: RunningProcess,
  dataDir: string,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  let hasEnded = false;
  void exited.then(() => (hasEnded = true));
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    signal?.throwIfAborted();
    if (hasEnded) return false;
    const found = readPidFile(dataDir);
    if (found?.pid === pid && found.isReady) return true;
    await sleep(25);
  }
  throw new CommandFailure(
    EXIT.failed,
    `Postgres did not accept connections within ${START_MS / 1000} s`,
  );
};

const checkPassword = async (adminUrl: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '28P01') throw error;
    throw new CommandFailure(
      EXIT.failed,
      'Postgres refuses the superuser password: its data was made with another one. Put that ' +
        'back as POSTGRES_SUPERUSER_PASSWORD, or begin again with npm start -- --reset.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
};
