import { setTimeout as pause } from 'node:timers/promises';

/** How long an event waits to be published at the most. */
const POLL_MS = 1_000;

const MAX_PAUSE_MS = 10_000;

/**
 * Repeats a round: immediately while it says that there is more to do, else after POLL_MS, and after
 * failures with growing pauses.
 * @returns stops it, after the current round
 */
export const repeat = (
  round: () => Promise<boolean>,
  onFailure: (error: unknown) => void,
): (() => Promise<void>) => {
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
      // A stop ends the pause with an AbortError.
      await pause(Math.min(POLL_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(
        () => undefined,
      );
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
};
