import { spawn } from 'node:child_process';
import { readDrainTimeout, STOP_MARGIN_MS } from '@cartograph/config';
import type { ProcessExit, RunningProcess } from './keep-running.ts';
import type { LogFile } from './log-file.ts';
import type { Variables } from '@cartograph/command';

const readMs = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/**
 * How long a process may take to stop before it is killed, in milliseconds: longer than it waits for
 * requests under way itself, by the same variables.
 */
export function killAfterMs(env: Variables): number {
  const answers = [env['SUBGRAPH_TIMEOUT_MS'], env['ROUTER_TIMEOUT_MS']].map(
    (text) => readMs(text) ?? 0,
  );
  const given = readMs(env['DRAIN_TIMEOUT_MS']) ?? 0;
  // What was set too short is refused by the process itself.
  return Math.max(given, readDrainTimeout(undefined, Math.max(...answers))) + STOP_MARGIN_MS;
}

/**
 * Starts a TypeScript file on this very Node. It has an IPC channel to this process, by whose
 * `disconnect` it learns that this one is gone, also by a kill -9.
 * @param options.cwd absolute; the arguments are relative to it
 * @throws when it can't be spawned at all
 */
export async function startNode(options: {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Variables;
  readonly logFile: LogFile;
}): Promise<RunningProcess> {
  const output = options.logFile.open();
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', output.fd, output.fd, 'ipc'],
    // A group of its own: a terminal's Ctrl-C is for this process, which stops the others in turn.
    detached: true,
  });
  output.close();
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // Later errors are about signals to a process that has just ended.
  child.on('error', () => {});

  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), killAfterMs(options.env));
      await exited;
      clearTimeout(killing);
    },
  };
}
