import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  makeProgram,
  readGiven,
  runProgram,
  SHOP_ENVIRONMENT_FILE,
  writeVariables,
} from '@cartograph/command';
import { PostgresFailure } from '../postgres/postgres-failure.ts';
import { findLeftoverPort, resetEmbedded } from './embedded.ts';
import { completeEnvironment } from './environment.ts';
import { findRunningShop, takeLock } from './lock.ts';
import { onNpmGone } from './npm-parent.ts';
import { checkPorts } from './ports.ts';
import { Refusal } from './refusal.ts';
import { ensureSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { startShop } from './shop.ts';
import { ensureSigningKeys } from './signing-keys.ts';
import { describeShop } from './summary.ts';
import { makeSupervisor } from './supervisor.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const stopping = new AbortController();
const log = (line: string): void => console.log(line);

/** Runs the shop until it is told to stop. */
async function run(reset: boolean, signal: AbortSignal): Promise<void> {
  const given = readGiven(process.env);
  const settings = readSettings(given, root);
  await checkPorts(settings, {
    runningPid: findRunningShop(settings.stateDir),
    leftoverPort: findLeftoverPort(settings),
  });

  const logDir = path.join(settings.stateDir, 'logs');
  fs.mkdirSync(logDir, { recursive: true });
  const releaseLock = takeLock(settings.stateDir);
  const refused = Promise.withResolvers<never>();
  // Until all is up the start itself sees a refusal.
  refused.promise.catch(() => {});
  const supervisor = makeSupervisor({
    log,
    signal,
    onRefused: (sentence) => refused.reject(new Refusal(sentence)),
  });
  try {
    if (reset) await resetEmbedded(settings, log);
    const kept = ensureSecrets(settings.stateDir);
    const keys = ensureSigningKeys(settings.stateDir, given, kept);
    const { JWT_PRIVATE_KEY: _former, ...secrets } = kept;
    const environment = completeEnvironment(given, settings, { ...secrets, ...keys });
    const shopFile = path.join(settings.stateDir, SHOP_ENVIRONMENT_FILE);
    writeVariables(shopFile, 'Written by npm start, for commands that use its shop.', environment);
    log('Starting Cartograph ...');
    await startShop({ root, settings, environment, logDir, supervisor, log, signal });
    log(describeShop(settings, environment, logDir, performance.now()));
    // For a program that started this one with an IPC channel.
    process.send?.('ready');
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), refused.promise]);
  } finally {
    stopping.abort();
    await supervisor.stop();
    releaseLock();
  }
}

/** One sentence where the person can do something about it, all that is known where not. */
function describeError(error: unknown): string {
  if (error instanceof Refusal || error instanceof PostgresFailure) return error.message;
  const { code, path: file } = error as NodeJS.ErrnoException;
  if (code && file && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code)) {
    return `Cannot use ${file}: ${code === 'ENOSPC' ? 'the disk is full' : 'no permission'} (${code}).`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function stop(): void {
  if (stopping.signal.aborted) return;
  log('\nStopping ...');
  stopping.abort();
}

// A Ctrl-C comes twice, from the terminal and from npm: one that repeats must not cut the stop short.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
process.on('disconnect', stop);
onNpmGone(stop);
// The terminal, or what the output was piped to, may be gone while there are processes to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let exitCode = 0;
const fail = (error: unknown): void => {
  const wasAsked = stopping.signal.aborted && (error as Error).name === 'AbortError';
  if (wasAsked) return;
  console.error(describeError(error));
  exitCode = 1;
};
process.on('uncaughtException', (error) => {
  fail(error);
  stopping.abort();
});
const program = makeProgram('npm start --', 'Runs the shop until it is told to stop.')
  .option('--reset', 'begins again with empty databases', false)
  .action(({ reset }: { reset: boolean }) => run(reset, stopping.signal).catch(fail));
const usageCode = await runProgram(program, process.argv.slice(2));
process.exit(exitCode || usageCode);
