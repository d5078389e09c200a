import fs from 'node:fs';
import path from 'node:path';
import { commandOf, isAlive, waitUntilGone } from './other-process.ts';
import { PostgresFailure } from './postgres-failure.ts';

/** How long a fast shutdown may take before the leftover is killed. */
const SHUTDOWN_MS = 10_000;

/** A server of a data folder that outlived whoever started it. */
export interface Leftover {
  readonly pid: number;
  readonly port: number;
}

/** Finds the server that runs on exactly this data folder, be it in another process's care. */
export function findLeftover(dataDir: string): Leftover | undefined {
  const found = readPidFile(dataDir);
  return found && isServerOf(found.pid, dataDir) ? found : undefined;
}

/**
 * Stops a server of exactly this data folder that outlived whoever started it. Does nothing when
 * there is none. A pid file of a server that is gone is left to Postgres, which knows what to do
 * with it, unless its pid belongs to some other process by now: Postgres would take that for itself.
 * @throws {PostgresFailure} when the server can't be stopped
 */
export async function stopLeftover(dataDir: string, log: (line: string) => void): Promise<void> {
  const found = readPidFile(dataDir);
  if (found === undefined) return;
  const { pid } = found;
  if (!isServerOf(pid, dataDir)) {
    if (isHeld(pid)) fs.rmSync(pidFile(dataDir), { force: true });
    return;
  }
  log(`Stopping the Postgres (pid ${pid}) that an earlier run left behind`);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return;
      throw new PostgresFailure(
        `Another user's Postgres (pid ${pid}) runs on ${dataDir}: stop it first.`,
      );
    }
    if (await waitUntilGone(pid, SHUTDOWN_MS)) return;
  }
  throw new PostgresFailure(`The Postgres (pid ${pid}) on ${dataDir} does not stop.`);
}

function pidFile(dataDir: string): string {
  return path.join(dataDir, 'postmaster.pid');
}

/** The file's lines are the pid, the data folder, the time of the start, the port, and more. */
function readPidFile(dataDir: string): Leftover | undefined {
  try {
    const lines = fs.readFileSync(pidFile(dataDir), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) } : undefined;
  } catch {
    return undefined;
  }
}

/** A running server's working directory is its data folder, also after that was moved. */
function isServerOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dataDir);
  } catch {
    return commandOf(pid)?.includes(dataDir) ?? false;
  }
}

/** Whether the pid is taken, be it by a zombie: that is all Postgres looks at. */
function isHeld(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
