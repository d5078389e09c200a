import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 10_000;

/**
 * Does a round again and again: at once while there is more to do, else after `intervalMs`, and
 * after failures with growing pauses of ten seconds at most.
 * @param round answers whether there is more to do
 * @returns stops it, after the round that is under way
 */
export const repeat = (options: {
  round: () => Promise<boolean>;
  intervalMs: number;
  onFailure: (error: unknown) => void;
}): (() => Promise<void>) => {
  const { round, intervalMs, onFailure } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const hasMore = await round();
        failures = 0;
        if (hasMore) continue;
      } catch (error) {
        failures += 1;
        onFailure(error);
      }
      const delay = Math.min(intervalMs * 2 ** failures, LONGEST_PAUSE_MS);
      // A stop ends the pause, by an error that says so.
      await pause(delay, undefined, { signal }).catch(() => undefined);
    }
  };

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
};
