import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import { checkRuntimeDir, dataDirsOf, type PlacementOptions } from './placement.ts';
import { isRoot } from './server-user.ts';

/** How long a fast shutdown may take before the leftover is killed. */
const SHUTDOWN_MS = 10_000;

/** What a server writes into its data folder: `isReady` once it accepts connections. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

const pidFileOf = (dataDir: string): string => path.join(dataDir, 'postmaster.pid');

/** Reads postmaster.pid; undefined when there is none. */
export const readPidFile = (dataDir: string): PidFile | undefined => {
  try {
    // Pid, data folder, time of the start, port, socket folder, address, shared memory, status.
    const lines = fs.readFileSync(pidFileOf(dataDir), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
};

/** Finds the server that runs on exactly this data folder, whichever process started it. */
export const findLeftover = (dataDir: string): PidFile | undefined => {
  const found = readPidFile(dataDir);
  return found && isServerOf(found.pid, dataDir) ? found : undefined;
};

/**
 * Stops a server of exactly this data folder that outlived the process that started it.
 * @throws CommandFailure when the server can't be stopped
 */
export const stopLeftover = async (dataDir: string, log: (line: string) => void): Promise<void> => {
  const found = readPidFile(dataDir);
  if (!found) return;
  const { pid } = found;
  if (!isServerOf(pid, dataDir)) {
    // Postgres would take another process with that pid for its server. Without one it needs the
    // file, to wait for the processes of a server that was killed.
    if (isTaken(pid)) fs.rmSync(pidFileOf(dataDir), { force: true });
    return;
  }
  log(`Stopping the Postgres (pid ${pid}) that an earlier run left behind`);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return;
      const sentence = `Another user's Postgres (pid ${pid}) runs on ${dataDir}: stop it first.`;
      throw new CommandFailure(EXIT.failed, sentence, { cause: error });
    }
    const deadline = Date.now() + SHUTDOWN_MS;
    while (Date.now() < deadline) {
      if (!isServerOf(pid, dataDir)) return;
      await sleep(50);
    }
  }
  throw new CommandFailure(EXIT.failed, `The Postgres (pid ${pid}) on ${dataDir} does not stop.`);
};

/**
 * Removes the data of a Postgres wherever it was placed, after stopping a server still on it.
 * @throws CommandFailure when that server does not stop, or `runtimeDir` is another user's
 */
export const removePostgresData = async (options: PlacementOptions): Promise<void> => {
  const [own, moved] = dataDirsOf(options);
  const mayBeMoved = isRoot() && fs.existsSync(options.runtimeDir);
  if (mayBeMoved) checkRuntimeDir(options.runtimeDir);
  for (const dataDir of mayBeMoved ? [own, moved] : [own]) {
    await stopLeftover(dataDir, options.log);
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
};

/** A running server's working directory is its data folder; a process that has ended has none. */
const isServerOf = (pid: number, dataDir: string): boolean => {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dataDir);
  } catch {
    return readCommand(pid).includes(`-D ${dataDir}`);
  }
};

const isTaken = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The command line of a process; empty when it has ended. */
const readCommand = (pid: number): string => {
  try {
    if (fs.existsSync('/proc/self/cmdline')) {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    }
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: [...stdio],
    });
  } catch {
    return '';
  }
};
