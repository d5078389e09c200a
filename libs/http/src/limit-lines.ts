/** Lines in a row, and how long one takes to be allowed again: ten per second. */
const MOST = 10;
const MS_PER_LINE = 100;

/** Decides which of many equal lines are written to the log. */
export type LineLimit = {
  /** @returns how many were left out since the last line that was written; null when this one is left out, too */
  readonly take: () => number | null;
};

/** Makes a limit of lines per second, as a bucket of tokens. */
export const limitLines = (): LineLimit => {
  let tokens = MOST;
  let filledAt = performance.now();
  let leftOut = 0;

  return {
    take: () => {
      const now = performance.now();
      tokens = Math.min(MOST, tokens + (now - filledAt) / MS_PER_LINE);
      filledAt = now;
      if (tokens < 1) {
        leftOut += 1;
        return null;
      }
      tokens -= 1;
      const before = leftOut;
      leftOut = 0;
      return before;
    },
  };
};
