import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

/** The supervisor of `npm start` waits this long before it starts a dead process again. */
const RESTART_AFTER_MS = 250;

const START_TIMEOUT_MS = 90_000;

/** A service as a process of its own, which is started again whenever it dies. */
export type ServiceProcess = {
  readonly origin: string;
  /** `kill -9`: when this returns the signal is sent, and nothing is handed on to it any more. */
  readonly kill: () => void;
  /** Resolves when it can serve; at once when it can. */
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

/** Runs `apps/<name>/src/main.ts`, as `npm start` does. Its logs are added to `logFile`. */
export const startService = (options: {
  readonly name: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}): ServiceProcess => {
  const { name, port, env, logFile } = options;
  const origin = `http://127.0.0.1:${port}`;
  let isStopping = false;

  const start = (): ChildProcess => {
    const output = fs.openSync(logFile, 'a');
    const child = spawn(process.execPath, [path.join(ROOT, 'apps', name, 'src', 'main.ts')], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      // By the end of the channel it learns that this process is gone.
      stdio: ['ignore', output, output, 'ipc'],
    });
    fs.closeSync(output);
    child.once('exit', () => {
      if (isStopping) return;
      setTimeout(() => {
        if (!isStopping) running = start();
      }, RESTART_AFTER_MS);
    });
    return child;
  };
  let running = start();

  return {
    origin,
    kill: () => void running.kill('SIGKILL'),
    ready: async () => {
      const deadline = Date.now() + START_TIMEOUT_MS;
      while (running.exitCode !== null || running.signalCode !== null || !(await isReady(origin))) {
        if (Date.now() > deadline) throw new Error(`${name} does not start: see ${logFile}`);
        await sleep(50);
      }
    },
    stop: async () => {
      isStopping = true;
      if (running.exitCode !== null || running.signalCode !== null) return;
      const exited = once(running, 'exit');
      running.kill('SIGKILL');
      await exited;
    },
  };
};
