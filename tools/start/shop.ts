import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import { describeExit } from '../postgres/running-process.ts';
import { APPS } from '../services.ts';
import {
  beginLog,
  describeConfigError,
  failureWithLogs,
  type ShopPlan,
  startNode,
} from './app-process.ts';
import { prepareDatabases } from './databases.ts';
import { environmentOf } from './environment.ts';
import { isLoopback, urlHost } from './settings.ts';
import { STOP_ORDER } from './supervisor.ts';

const READY_MS = 60_000;
const BETWEEN_CHECKS_MS = 100;
const RESPONSE_MS = 2_000;
/** An app that ended this often before it was ever ready will not become ready. */
const HOPELESS_DEATHS = 3;

/**
 * Starts the whole shop: Postgres, migrations, demo data and the six apps. Resolves when all of them
 * can serve. The supervisor stops what was started, also after a failure.
 * @throws CommandFailure with a sentence to print, or the signal's reason
 */
export const startShop = async (plan: ShopPlan): Promise<void> => {
  plan.signal.throwIfAborted();
  // The clients are generated while Postgres starts. Neither can be aborted: a stop does not wait.
  const aborted = once(plan.signal, 'abort').then(() => plan.signal.throwIfAborted());
  await Promise.race([Promise.all([generateClients(), prepareDatabases(plan)]), aborted]);

  const failed = new AbortController();
  const signal = AbortSignal.any([plan.signal, failed.signal]);
  // Others may sign in as soon as the apps listen: the demo accounts' passwords must be set by then.
  const isPrivate = isLoopback(plan.settings.host);
  if (!isPrivate) await seed(plan);
  const seeding = isPrivate ? [seed({ ...plan, signal })] : [];
  const steps = [...seeding, startApps({ ...plan, signal })];
  try {
    await Promise.all(steps);
  } catch (error) {
    // When one step has failed, the other is ended before the processes are stopped.
    failed.abort();
    await Promise.allSettled(steps);
    throw error;
  }
};

const generateClients = async (): Promise<void> => {
  const { ensureGenerated } = await import('../generate/prisma.ts');
  await ensureGenerated();
};

/** Runs the command that puts the demo data into the databases. */
const seed = async ({ root, environment, logDir, signal }: ShopPlan): Promise<void> => {
  const logFile = beginLog(logDir, 'seed');
  const seeding = await startNode('tools/seed/main.ts', { cwd: root, env: environment, logFile });
  const stop = (): void => void seeding.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const exit = await seeding.exited;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (exit.code !== 0) throw failureWithLogs(`Seeding failed (${describeExit(exit)}).`, [logFile]);
};

/**
 * Starts the six apps, supervised, and resolves when all of them can serve.
 * @throws CommandFailure with the end of the log of each that can't, or the signal's reason
 */
const startApps = async ({ root, settings, supervisor, ...plan }: ShopPlan): Promise<void> => {
  const address = urlHost(settings.host);
  const apps = APPS.map((name) => ({
    name,
    url: `http://${address}:${settings.ports[name]}/readyz`,
    logFile: beginLog(plan.logDir, name),
  }));
  const starting = apps.map(({ name, logFile }) => {
    const env = environmentOf(name, plan.environment);
    return supervisor.start({
      name,
      stopOrder: STOP_ORDER[name],
      start: () => startNode(`apps/${name}/src/main.ts`, { cwd: root, env, logFile }),
      describeConfigError: () => describeConfigError(name, logFile),
    });
  });
  await Promise.all(starting);

  const notReady = await waitForReady(apps, {
    timeoutMs: READY_MS,
    isListening: (name) => supervisor.isListening(name),
    isHopeless: (name) =>
      supervisor.configErrors().length > 0 || supervisor.deathsOf(name) >= HOPELESS_DEATHS,
    signal: plan.signal,
  });
  const configErrors = supervisor.configErrors();
  if (configErrors.length > 0) throw new CommandFailure(EXIT.failed, configErrors.join('\n'));
  if (notReady.length === 0) return;
  const names = notReady.map(({ name }) => name).join(', ');
  throw failureWithLogs(
    `Not ready: ${names}.`,
    notReady.map(({ logFile }) => logFile),
  );
};

/**
 * Requests the URL of each target until all have responded with 200. One that does not listen itself is not ready:
 * another process may have its port.
 * @param options.isHopeless ends the wait early for a target that will never be ready
 * @returns those that are not ready; none when all are
 * @throws the signal's reason, when it is aborted
 */
export const waitForReady = async <Target extends { readonly name: string; readonly url: string }>(
  targets: readonly Target[],
  options: {
    readonly timeoutMs: number;
    /** Whether a target says so itself; those without a word of their own do. */
    readonly isListening?: (name: string) => boolean;
    readonly isHopeless: (name: string) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<readonly Target[]> => {
  const { isListening = () => true } = options;
  const deadline = Date.now() + options.timeoutMs;
  let waiting = targets;
  for (;;) {
    const ready = await Promise.all(
      waiting.map(async ({ name, url }) => isListening(name) && isReady(url)),
    );
    options.signal.throwIfAborted();
    waiting = waiting.filter((_, index) => !ready[index]);
    const isOver = Date.now() > deadline || waiting.some(({ name }) => options.isHopeless(name));
    if (waiting.length === 0 || isOver) return waiting;
    await sleep(BETWEEN_CHECKS_MS, undefined, { signal: options.signal });
  }
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(RESPONSE_MS) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
};
