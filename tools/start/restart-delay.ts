const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** A process that lived this long has got over whatever ended it before. */
export const SETTLED_MS = 10_000;

/** Milliseconds to wait before the n-th start again in a row, from 1: 250, 500, ... up to 5,000. */
export function restartDelay(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
}
