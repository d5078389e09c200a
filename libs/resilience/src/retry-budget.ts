/** How much may be tried again: retries must not be what keeps a service down. */
export type RetryBudget = {
  /** A request came: it adds its part. */
  readonly deposit: () => void;
  /** True when one more try is covered, which it then has used. */
  readonly take: () => boolean;
};

/**
 * Makes a budget of retries that grows with the requests.
 * @param ratio retries per request, in the long run: 0.15 is 15 % more load at most
 * @param reserve retries that a quiet time saves up at most, and that there are in the beginning
 */
export const makeRetryBudget = (ratio: number, reserve: number): RetryBudget => {
  let saved = reserve;
  return {
    deposit: () => {
      saved = Math.min(saved + ratio, reserve);
    },
    take: () => {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
};
