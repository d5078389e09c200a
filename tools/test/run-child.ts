import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

/** What ends a run in a terminal, in a script, and when the terminal is closed. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of a process that a signal ended, as shells have it. */
const codeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Runs a process to its end. A signal ends that process, and not this one, which may have something to
 * do afterwards: it is passed on, since a `kill` reaches this one alone.
 * @param prepare what is done before; a signal that comes meanwhile lets nothing start
 * @returns the exit code; 128 and its number for a signal
 */
export const runChild = async (
  prepare: () => Promise<unknown>,
  start: () => ChildProcess,
): Promise<number> => {
  let child: ChildProcess | null = null;
  let received: NodeJS.Signals | null = null;
  for (const name of SIGNALS) {
    process.on(name, () => {
      received ??= name;
      child?.kill(name);
    });
  }
  try {
    await prepare();
  } catch (error) {
    // In a terminal the signal ends what prepares, too.
    if (received === null) throw error;
  }
  if (received !== null) return codeOf(received);
  child = start();
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? (signal === null ? 1 : codeOf(signal));
};
