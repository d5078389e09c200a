import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type ServiceName = 'user' | 'product' | 'order' | 'payment';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The supervisor of `npm start` waits this long before it restarts a process. */
const RESTART_AFTER_MS = 250;

const START_TIMEOUT_MS = 180_000;

/** A service as a child process, which is restarted whenever it exits. */
export type ServiceProcess = {
  /** Sends SIGKILL before it returns. */
  readonly kill: () => void;
  /** Resolves when the service is ready for requests. */
  readonly ready: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const isReady = async (origin: string): Promise<boolean> => {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};

/** Runs `apps/<name>/src/main.ts`, as `npm start` does. Its output is appended to `logFile`. */
export const startService = (options: {
  readonly name: ServiceName;
  readonly origin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}): ServiceProcess => {
  const { name, origin, env, logFile } = options;
  let isStopping = false;

  const start = (): ChildProcess => {
    const output = fs.openSync(logFile, 'a');
    const child = spawn(process.execPath, [path.join(ROOT, 'apps', name, 'src', 'main.ts')], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      // The channel closes when this process exits; the service then stops.
      stdio: ['ignore', output, output, 'ipc'],
    });
    fs.closeSync(output);
    child.once('exit', () => {
      setTimeout(() => {
        if (!isStopping) running = start();
      }, RESTART_AFTER_MS).unref();
    });
    return child;
  };
  let running = start();
  const hasExited = () => running.exitCode !== null || running.signalCode !== null;

  return {
    kill: () => void running.kill('SIGKILL'),
    ready: async () => {
      const deadline = Date.now() + START_TIMEOUT_MS;
      while (hasExited() || !(await isReady(origin))) {
        if (Date.now() > deadline) throw new Error(`${name} does not start: see ${logFile}`);
        await sleep(50);
      }
    },
    stop: async () => {
      isStopping = true;
      if (hasExited()) return;
      const exited = once(running, 'exit');
      running.kill('SIGKILL');
      await exited;
    },
  };
};
