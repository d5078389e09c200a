import { ConfigError } from './parse-env.ts';

/** How long a request may take to be answered where the environment does not say otherwise. */
export const DEFAULT_RESPONSE_TIMEOUT_MS = 15_000;

/** How much longer a stop waits than a request may take, and a supervisor than a stop. */
export const STOP_MARGIN_MS = 5_000;

/**
 * How long a process that is told to stop waits for the requests under way, in milliseconds: longer
 * than any of them may take, so that none is cut off (15 s and 20 s, if nothing is set).
 * @param answerTimeoutMs how long a request may take
 * @throws ConfigError when the wait that was set is shorter than a request
 */
export const readDrainTimeout = (
  given: number | undefined,
  answerTimeoutMs: number = DEFAULT_RESPONSE_TIMEOUT_MS,
): number => {
  if (given !== undefined && given <= answerTimeoutMs) {
    throw new ConfigError([
      `DRAIN_TIMEOUT_MS: is not longer than a request may take (${answerTimeoutMs} ms)`,
    ]);
  }
  return given ?? Math.max(answerTimeoutMs, DEFAULT_RESPONSE_TIMEOUT_MS) + STOP_MARGIN_MS;
};
