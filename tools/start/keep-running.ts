import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_EXIT_CODE } from '@cartograph/config';
import { restartDelay, SETTLED_MS } from './restart-delay.ts';

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started. */
export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** Ends it, by force if need be; resolves when it is gone. */
  stop(): Promise<void>;
}

/** A process that is started again whenever it ends. */
export interface KeptProcess {
  /** How often it ended since it was first started. */
  deaths(): number;
  stop(): Promise<void>;
}

/**
 * Starts a process and, when it ends unexpectedly, starts it again after a growing delay. One that
 * ends because of its configuration (CONFIG_EXIT_CODE) is not started again.
 * @param options.start told to give up by its signal; may take as long as it needs
 * @throws what the first start throws; a later start that throws is tried again
 */
export async function keepRunning(options: {
  readonly name: string;
  readonly start: (signal: AbortSignal) => Promise<RunningProcess>;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** Told when it ended in a way that another start would not change; there is none then. */
  readonly onRefused?: () => void;
}): Promise<KeptProcess> {
  const { name, start, log, onRefused } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, options.signal]);
  let running = await start(signal);
  let deaths = 0;

  const nextStart = async (firstReason: string, firstAttempt: number): Promise<RunningProcess> => {
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

  const watch = async (): Promise<void> => {
    let attempt = 0;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const exit = await running.exited;
      if (signal.aborted) return;
      deaths += 1;
      if (exit.code === CONFIG_EXIT_CODE) return onRefused?.();
      attempt = Date.now() - startedAt > SETTLED_MS ? 1 : attempt + 1;
      running = await nextStart(`ended unexpectedly (${describeExit(exit)})`, attempt);
    }
  };
  // A wait or a start that is broken off is the end of the watch, not a failure.
  const watched = watch().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

  return {
    deaths: () => deaths,
    stop: async () => {
      stopping.abort();
      await running.stop();
      await watched;
      // A start that was under way may have ended well all the same.
      await running.stop();
    },
  };
}

/** "exit code 1" or "SIGKILL". */
export function describeExit({ code, signal }: ProcessExit): string {
  return signal ?? `exit code ${code}`;
}
