import fs from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT, type Variables } from '@cartograph/command';
import { readDrainTimeout, STOP_MARGIN_MS } from '@cartograph/config';
import { type RunningProcess, startProcess } from '../postgres/running-process.ts';
import { memoryEnvironment, memoryFlags } from './memory.ts';
import type { Settings } from './settings.ts';
import type { Supervisor } from './supervisor.ts';

/** What the steps of a start share. */
export interface ShopPlan {
  /** The repository, absolute. */
  readonly root: string;
  readonly settings: Settings;
  readonly environment: Variables;
  /** An existing folder. */
  readonly logDir: string;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
  /** Aborted when the shop is to stop, also during its start. */
  readonly signal: AbortSignal;
}

const SHOWN_LINES = 20;
/** Each variable that an app reads may be a line. */
const SEARCHED_LINES = 100;
const CONFIG_ERROR_LINE = 'The configuration is not valid:';

const readMs = (text: string | undefined): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;

/**
 * How long a process may take to stop before it is killed, in milliseconds: longer than it waits for
 * its requests in progress, and before that for load balancers, by the same variables.
 */
export const killAfterMs = (env: Variables): number => {
  const longest = Math.max(readMs(env['SUBGRAPH_TIMEOUT_MS']), readMs(env['ROUTER_TIMEOUT_MS']));
  // The process itself rejects a value that is too short.
  const drainMs = Math.max(readMs(env['DRAIN_TIMEOUT_MS']), readDrainTimeout(undefined, longest));
  return readMs(env['SHUTDOWN_DELAY_MS']) + drainMs + STOP_MARGIN_MS;
};

/**
 * Starts a TypeScript file of the repository on this very Node, with bounded memory. It has an IPC channel to this
 * process, by whose `disconnect` it learns that this one ended, also by a kill -9.
 */
export const startNode = (
  file: string,
  options: { readonly cwd: string; readonly env: Variables; readonly logFile: string },
): Promise<RunningProcess> => {
  const stop = { stopSignal: 'SIGTERM', killAfterMs: killAfterMs(options.env) } as const;
  const env = memoryEnvironment(options.env);
  const args = [...memoryFlags(options.env), file];
  return startProcess(process.execPath, args, { ...options, env, ...stop, ipc: true });
};

/** Begins the log of a process, `<name>.log`; the one of the start before becomes `.old`. */
export const beginLog = (folder: string, name: string): string => {
  const file = path.join(folder, `${name}.log`);
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.old`);
  return file;
};

const readTail = (file: string, lines: number): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines) : [];

/** A failure that ends with the last lines of the logs of the processes in question. */
export const failureWithLogs = (sentence: string, logFiles: readonly string[]): CommandFailure => {
  const tails = logFiles.map((file) => {
    const lines = readTail(file, SHOWN_LINES).map((line) => `  ${line}`);
    return [`\nThe end of ${file}:`, ...lines].join('\n');
  });
  return new CommandFailure(EXIT.failed, [sentence, ...tails].join('\n'));
};

/** The sentence of an app that ended because of its configuration, from its log. */
export const describeConfigError = (name: string, logFile: string): string => {
  const lines = readTail(logFile, SEARCHED_LINES);
  const first = lines.lastIndexOf(CONFIG_ERROR_LINE);
  if (first < 0) return `${name} can't run with its configuration; see ${logFile}.`;
  const faults = lines.slice(first + 1).filter((line) => line.startsWith('  '));
  return [`${name} can't run. ${CONFIG_ERROR_LINE}`, ...faults].join('\n');
};
