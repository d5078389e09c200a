import { spawn, type SpawnOptions } from 'node:child_process';
import fs from 'node:fs';

/** How a process ended: with an exit code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves when it ends, for whichever reason. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it, by force if need be; resolves when it has ended. */
  stop(): Promise<void>;
  /** Whether it has said so, by its channel. */
  isListening(): boolean;
  /** Ends it by force, now. */
  kill(): void;
}

/** "exit code 1" or "SIGKILL". */
export const describeExit = ({ code, signal }: ProcessExit): string =>
  signal ?? `exit code ${code}`;

/**
 * Starts a process whose output is added to a file. It has a process group of its own: a terminal's
 * Ctrl-C is for this process, which stops the others in turn.
 * @param options.ipc opens a channel, by whose `disconnect` the process learns that this one ended
 * @throws when it can't be started at all
 */
export const startProcess = async (
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
    readonly logFile: string;
    readonly stopSignal: NodeJS.Signals;
    /** How long it may take to stop. */
    readonly killAfterMs: number;
    readonly ipc?: boolean;
  },
): Promise<RunningProcess> => {
  const { logFile, stopSignal, killAfterMs, ipc, ...rest } = options;
  const output = fs.openSync(logFile, 'a', 0o600);
  const stdio = ['ignore' as const, output, output, ...(ipc ? ['ipc' as const] : [])];
  const child = spawn(command, args, { ...rest, stdio, detached: true });
  fs.closeSync(output);
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // Later errors are about signals to a process that has just ended.
  child.on('error', () => {});
  let isListening = false;
  child.on('message', (message) => (isListening ||= message === 'listening'));
  return {
    pid: child.pid ?? 0,
    exited,
    isListening: () => isListening,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.kill(stopSignal);
      const killing = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await exited;
      clearTimeout(killing);
    },
  };
};
