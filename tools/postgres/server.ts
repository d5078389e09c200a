import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPath } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { guardServer } from './guard.ts';
import { stopLeftover } from './leftover.ts';
import { type Placement, placePostgres } from './placement.ts';
import { PostgresFailure } from './postgres-failure.ts';
import { serverEnvironment } from './server-environment.ts';
import { runAs } from './server-user.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** How long processes of a server that was killed may hold on to its memory. */
const STILL_IN_USE_MS = 10_000;
const SHUTDOWN_MS = 10_000;

export interface PostgresOptions {
  /** Made when it does not exist; absolute. */
  readonly dataDir: string;
  readonly port: number;
  readonly superuserPassword: string;
  /** Where binaries and data go when root starts Postgres and its user can't reach them. */
  readonly runtimeDir: string;
  /** Told, a line each, what is out of the ordinary. */
  readonly log?: (line: string) => void;
  /** What Postgres says is added to this file; default: `postgres.log` beside the data. */
  readonly logFile?: string;
  /** Further settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folders to remove if this process is killed before it stops the server. */
  readonly removeIfKilled?: readonly string[];
  /** Gives up waiting for the server, and stops it. */
  readonly signal?: AbortSignal;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface PostgresServer {
  /** The superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Resolves when the server ends, whoever ended it. */
  readonly exited: Promise<ProcessExit>;
  /** Stops it, breaking off its connections; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a Postgres on 127.0.0.1 and resolves once it answers a query. The data folder is made on
 * the first start; a server that an earlier run left on it is stopped first.
 * @throws {PostgresFailure} with a sentence to print, when it can't be started
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const log = options.log ?? (() => {});
  const placement = await placePostgres({ ...options, log });
  await stopLeftover(placement.dataDir, log);
  await ensureCluster(placement, options.superuserPassword);

  const deadline = Date.now() + STILL_IN_USE_MS;
  for (;;) {
    try {
      return await launch(placement, options);
    } catch (error) {
      const stillInUse = error instanceof PostgresFailure && /is still in use/.test(error.message);
      if (!stillInUse || Date.now() > deadline || options.signal?.aborted) throw error;
    }
    await sleep(200);
  }
}

async function launch(placement: Placement, options: PostgresOptions): Promise<PostgresServer> {
  const logFile = options.logFile ?? path.join(path.dirname(options.dataDir), 'postgres.log');
  const output = fs.openSync(logFile, 'a', 0o600);
  const logStart = fs.fstatSync(output).size;
  const { binaries, dataDir, user } = placement;
  const child = spawn(
    programPath(binaries.nativeDir, 'postgres'),
    ['-D', dataDir, ...settingArgs(options)],
    {
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', output, output],
      // A group of its own: a terminal's Ctrl-C is for the supervisor, which stops this in its turn.
      detached: true,
      ...runAs(user),
    },
  );
  fs.closeSync(output);
  const { pid, exited } = await spawned(child);
  const endGuard = guardServer(pid, options.removeIfKilled ?? []);
  void exited.then(endGuard);

  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    const killing = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_MS);
    await exited;
    clearTimeout(killing);
  };
  const password = encodeURIComponent(options.superuserPassword);
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${options.port}/postgres`;
  try {
    const server = { adminUrl, dataDir, hasEnded: () => hasEnded(child) };
    await waitUntilReady(server, options.signal);
  } catch (error) {
    const endedItself = hasEnded(child);
    await stop();
    throw endedItself ? withReason(error, logFile, logStart) : error;
  }
  return { adminUrl, pid, exited, stop };
}

function settingArgs({ port, settings }: PostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function spawned(
  child: ChildProcess,
): Promise<{ pid: number; exited: Promise<ProcessExit> }> {
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new PostgresFailure(`Postgres could not be run (${error.message}).`));
    });
  });
  return { pid: child.pid ?? 0, exited };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Adds what Postgres itself wrote about its end. */
function withReason(error: unknown, logFile: string, logStart: number): unknown {
  if (!(error instanceof PostgresFailure)) return error;
  const lines = fs.readFileSync(logFile).subarray(logStart).toString('utf8').split('\n');
  const reason = lines.findLast((line) => /FATAL|PANIC|could not|denied/.test(line));
  if (!reason) return error;
  return new PostgresFailure(`${error.message}: ${reason.replace(/^.*?(FATAL|PANIC): +/, '')}`);
}
