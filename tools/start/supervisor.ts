import { type KeptProcess, keepRunning, type RunningProcess } from './keep-running.ts';

/** A process of the shop. */
export interface ProcessPlan {
  readonly name: string;
  /** Processes with a lower turn are stopped first, those with the same one together. */
  readonly stopTurn: number;
  readonly start: (signal: AbortSignal) => Promise<RunningProcess>;
  /** What the process said when it refused its configuration, in a sentence to print. */
  readonly describeRefusal?: () => string;
}

/** Keeps the processes of the shop running until all are stopped. */
export interface Supervisor {
  /** Starts a process for good. Throws what its first start throws. */
  start(plan: ProcessPlan): Promise<void>;
  /** How often a process ended unexpectedly; 0 for one that was never started. */
  deathsOf(name: string): number;
  /** The sentence of each process that refused its configuration, and is not started again. */
  refusals(): readonly string[];
  /** Stops all in their turns; resolves when nothing is left. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * @param options.log told, a line each, what ended and when it is started again
 * @param options.signal once aborted nothing is started again
 * @param options.onRefused told when a process refuses its configuration
 */
export function makeSupervisor(options: {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly onRefused?: (sentence: string) => void;
}): Supervisor {
  const kept = new Map<string, { stopTurn: number; process: Promise<KeptProcess> }>();
  const deaths = new Map<string, () => number>();
  const refusals: string[] = [];

  return {
    start: async ({ name, stopTurn, start, describeRefusal }) => {
      const onRefused = (): void => {
        const sentence = describeRefusal?.() ?? `${name} refused its configuration.`;
        refusals.push(sentence);
        options.onRefused?.(sentence);
      };
      const { log, signal } = options;
      // Known from the beginning, so that a stop waits for a start that is under way.
      const process = keepRunning({ name, start, log, signal, onRefused });
      kept.set(name, { stopTurn, process });
      const started = await process;
      deaths.set(name, () => started.deaths());
    },
    deathsOf: (name) => deaths.get(name)?.() ?? 0,
    refusals: () => refusals,
    stop: async () => {
      const all = [...kept.values()];
      const turns = [...new Set(all.map(({ stopTurn }) => stopTurn))].toSorted((a, b) => a - b);
      for (const turn of turns) {
        const together = all.filter(({ stopTurn }) => stopTurn === turn);
        await Promise.all(together.map(({ process }) => stopStarted(process)));
      }
    },
  };
}

/** One whose first start failed has nothing to stop; its caller was told. */
async function stopStarted(process: Promise<KeptProcess>): Promise<void> {
  const started = await process.catch(() => undefined);
  await started?.stop();
}
