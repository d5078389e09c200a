/** Work was not tried, because what was tried shortly before has failed. */
export class Paused extends Error {
  override readonly name = 'Paused';

  constructor() {
    super('redis failed a moment ago');
  }
}

/**
 * Makes a pause after failures: for so long no work is tried. Then one finds out whether it succeeds
 * again, while all other is still rejected. A circuit breaker of cockatiel lets the others wait for
 * that one, which may have a longer time limit than they have.
 */
export const makePause = (
  pauseMs: number,
): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
  /** Null while work succeeds. */
  let pausedUntil: number | null = null;
  const pause = (): void => {
    pausedUntil = performance.now() + pauseMs;
  };

  return async (work) => {
    if (pausedUntil !== null) {
      if (performance.now() < pausedUntil) throw new Paused();
      pause();
    }
    try {
      const result = await work();
      pausedUntil = null;
      return result;
    } catch (error) {
      pause();
      throw error;
    }
  };
};
