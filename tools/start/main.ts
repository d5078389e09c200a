/** `npm start`: runs the whole shop until it is stopped. */
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  CommandFailure,
  EXIT,
  makeProgram,
  readGiven,
  runProgram,
  SHOP_ENVIRONMENT_FILE,
  writeVariables,
} from '@cartograph/command';
import { findLeftoverPort, resetDatabases } from './databases.ts';
import { completeEnvironment } from './environment.ts';
import { takeLock } from './lock.ts';
import { startObserver } from './observer.ts';
import { checkPorts } from './ports.ts';
import { ensureSecrets, ensureSigningKeys } from './secrets.ts';
import { readSettings } from './settings.ts';
import { startShop } from './shop.ts';
import { describeShop } from './summary.ts';
import { makeSupervisor } from './supervisor.ts';

const BETWEEN_PARENT_CHECKS_MS = 500;

/** A Ctrl-C comes twice, from the terminal and from npm. */
const SAME_KEY_MS = 1_000;

const root = path.resolve(import.meta.dirname, '..', '..');
const stopping = new AbortController();
const { signal } = stopping;
const log = (line: string): void => console.log(line);

type Options = { readonly reset: boolean; readonly observe: boolean };

const run = async ({ reset, observe }: Options): Promise<void> => {
  const given = readGiven(process.env);
  const settings = readSettings(given, root, { observe });
  const { stateDir, prometheusPort } = settings;
  const logDir = path.join(stateDir, 'logs');
  fs.mkdirSync(logDir, { recursive: true });
  const releaseLock = takeLock(stateDir);
  const misconfigured = Promise.withResolvers<never>();
  // Until all apps are ready the start itself reports it.
  misconfigured.promise.catch(() => {});
  const supervisor = makeSupervisor({
    log,
    signal,
    onConfigError: (sentence) => misconfigured.reject(new CommandFailure(EXIT.failed, sentence)),
  });
  kill = () => supervisor.kill();
  try {
    await checkPorts(settings, findLeftoverPort(settings));
    if (reset) await resetDatabases(settings, log);
    const stored = ensureSecrets(stateDir);
    const keys = ensureSigningKeys(stateDir, given, stored);
    const { JWT_PRIVATE_KEY: _former, ...secrets } = stored;
    const environment = completeEnvironment(given, settings, { ...secrets, ...keys });
    const shopFile = path.join(stateDir, SHOP_ENVIRONMENT_FILE);
    writeVariables(shopFile, 'Written by npm start, for commands that use its shop.', environment);
    log('Starting Cartograph ...');
    const plan = { root, settings, environment, logDir, supervisor, log, signal };
    await startShop(plan);
    const readyMs = performance.now();
    const prometheus = prometheusPort === null ? null : await startObserver(plan, prometheusPort);
    log(describeShop(settings, environment, { logDir, readyMs, prometheus }));
    // For a program that started this one with an IPC channel.
    process.send?.('ready');
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), misconfigured.promise]);
  } finally {
    stopping.abort();
    await supervisor.stop();
    releaseLock();
  }
};

/** What errors of the file system mean for the person who chose the state folder. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file',
  EPERM: 'no permission',
  EROFS: 'no permission',
};

/** One sentence where the person can do something about it, all that is known where not. */
const describeError = (error: unknown): string => {
  if (error instanceof CommandFailure) return error.message;
  const { code = '', path: file } = error as NodeJS.ErrnoException;
  if (file && code in FILE_ERRORS) return `Cannot use ${file}: ${FILE_ERRORS[code]} (${code}).`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const fail = (error: unknown): void => {
  if (signal.aborted && (error as Error).name === 'AbortError') return;
  console.error(describeError(error));
  process.exitCode = EXIT.failed;
};

/** Ends by force what has not stopped. */
let kill = (): void => {};
let stoppedAt = 0;

const stop = (): void => {
  if (signal.aborted) {
    if (Date.now() - stoppedAt > SAME_KEY_MS) kill();
    return;
  }
  stoppedAt = Date.now();
  log('\nStopping ...');
  stopping.abort();
};

/**
 * Stops when the shell that npm ran this process in has ended. npm passes a SIGTERM to that shell
 * only: after a `kill` of npm the shop would run on. Without npm nothing is watched, so that nohup
 * and the like work.
 */
const stopWithNpm = (): void => {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), BETWEEN_PARENT_CHECKS_MS).unref();
};

// A second one, later than the repeat of the first, ends what a long deadline or a breakpoint keeps from stopping.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
process.on('disconnect', stop);
if (process.connected === false) stop();
stopWithNpm();
// The terminal, or what the output was piped to, may be gone while there are processes to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', (error) => {
  fail(error);
  stopping.abort();
});

const program = makeProgram('npm start --', 'Runs the shop until it is stopped.')
  .option('--reset', 'begins again with empty databases', false)
  .option(
    '--observe',
    'starts Prometheus too, which reads the shop and evaluates the alerts',
    false,
  )
  .action((options: Options) => run(options).catch(fail));
process.exit(await runProgram(program, process.argv.slice(2)));
