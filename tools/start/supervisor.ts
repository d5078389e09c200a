import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_EXIT_CODE } from '@cartograph/config';
import { describeExit, type RunningProcess } from '../postgres/running-process.ts';
import { type AppName, type ServiceName, SERVICES } from '../services.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** After a process has run this long, its next restart counts as the first. */
const SETTLED_MS = 10_000;

/** A caller is stopped before what it calls, so that no request fails meanwhile. */
export const STOP_ORDER: Readonly<Record<AppName | 'postgres' | 'prometheus', number>> = {
  prometheus: 0,
  rest: 1,
  router: 2,
  ...(Object.fromEntries(SERVICES.map((service) => [service, 3])) as Record<ServiceName, number>),
  postgres: 4,
};

/** A process of the shop. */
export interface ProcessPlan {
  readonly name: string;
  /** Processes with a lower number are stopped first, those with the same one together. */
  readonly stopOrder: number;
  /** May take as long as it needs, and ends early when the signal is aborted. */
  readonly start: (signal: AbortSignal) => Promise<RunningProcess>;
  /** Reads what the process reported when its configuration was not valid, for people. */
  readonly describeConfigError?: () => string;
}

/** Keeps the processes of the shop running until all are stopped. */
export interface Supervisor {
  /**
   * Starts a process and, when it ends unexpectedly, restarts it after a growing delay. One that
   * ends because of its configuration (CONFIG_EXIT_CODE) is not restarted.
   * @throws what the first start throws; a later start that throws is tried again
   */
  start(plan: ProcessPlan): Promise<void>;
  /** How often a process ended unexpectedly; 0 for one that was never started. */
  deathsOf(name: string): number;
  /** Whether the process of this name listens, by its own account. */
  isListening(name: string): boolean;
  /** The sentence of each process whose configuration is not valid. */
  configErrors(): readonly string[];
  /** Stops all in their order; resolves when all have ended. Safe to call again. */
  stop(): Promise<void>;
  /** Kills all processes that still run, except Postgres, which stops once its clients have ended. */
  kill(): void;
}

/** Milliseconds before the n-th restart in a row, from 1: 250, 500, ... up to 5,000. */
export const restartDelay = (attempt: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);

/**
 * @param options.log receives a line for each process that ended: how, and when it is restarted
 * @param options.signal once aborted no process is restarted
 * @param options.onConfigError receives the sentence of a process whose configuration is not valid
 */
export const makeSupervisor = (options: {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly onConfigError?: (sentence: string) => void;
}): Supervisor => {
  const { log, onConfigError } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, options.signal]);
  const supervised: {
    name: string;
    stopOrder: number;
    stop: () => Promise<void>;
    kill: () => void;
    isListening: () => boolean;
  }[] = [];
  const deaths = new Map<string, number>();
  const configErrors: string[] = [];

  const restart = async (
    { name, start }: ProcessPlan,
    firstReason: string,
    firstAttempt: number,
  ): Promise<RunningProcess> => {
    let reason = firstReason;
    for (let attempt = firstAttempt; ; attempt += 1) {
      const delay = restartDelay(attempt);
      log(`${name} ${reason}; starting it again in ${delay} ms`);
      await sleep(delay, undefined, { signal });
      try {
        return await start(signal);
      } catch (error) {
        signal.throwIfAborted();
        reason = `could not be started (${error instanceof Error ? error.message : String(error)})`;
      }
    }
  };

  /** Restarts a process until it is stopped; `onRestart` receives each new one. */
  const watch = async (
    plan: ProcessPlan,
    first: RunningProcess,
    onRestart: (running: RunningProcess) => void,
  ): Promise<void> => {
    let running = first;
    for (let attempt = 0; !signal.aborted;) {
      const startedAt = Date.now();
      const exit = await running.exited;
      if (signal.aborted) return;
      deaths.set(plan.name, (deaths.get(plan.name) ?? 0) + 1);
      if (exit.code === CONFIG_EXIT_CODE) {
        const sentence = plan.describeConfigError?.() ?? `${plan.name} can't run.`;
        configErrors.push(sentence);
        return onConfigError?.(sentence);
      }
      attempt = Date.now() - startedAt > SETTLED_MS ? 1 : attempt + 1;
      running = await restart(plan, `ended unexpectedly (${describeExit(exit)})`, attempt);
      onRestart(running);
    }
  };

  return {
    start: async (plan) => {
      const starting = plan.start(signal);
      const current: { running?: RunningProcess; watching?: Promise<void> } = {};
      // Known from the beginning, so that a stop waits for a start that is in progress.
      const stop = async (): Promise<void> => {
        await starting.catch(() => {});
        await current.running?.stop();
        await current.watching;
        // A restart in progress may have succeeded all the same.
        await current.running?.stop();
      };
      supervised.push({
        name: plan.name,
        stopOrder: plan.stopOrder,
        stop,
        kill: () => current.running?.kill(),
        isListening: () => current.running?.isListening() ?? false,
      });
      const first = await starting;
      current.running = first;
      const onRestart = (running: RunningProcess): void => void (current.running = running);
      current.watching = watch(plan, first, onRestart).catch((error: unknown) => {
        // A delay or a start that was ended by a stop is no failure.
        if (!signal.aborted) throw error;
      });
    },
    deathsOf: (name) => deaths.get(name) ?? 0,
    isListening: (name) =>
      supervised.some((process) => process.name === name && process.isListening()),
    configErrors: () => configErrors,
    kill: () => {
      for (const { stopOrder, kill } of supervised) {
        if (stopOrder < STOP_ORDER.postgres) kill();
      }
    },
    stop: async () => {
      stopping.abort();
      const orders = new Set(supervised.map(({ stopOrder }) => stopOrder));
      for (const order of [...orders].toSorted((a, b) => a - b)) {
        const together = supervised.filter(({ stopOrder }) => stopOrder === order);
        await Promise.all(together.map(({ stop }) => stop()));
      }
    },
  };
};
