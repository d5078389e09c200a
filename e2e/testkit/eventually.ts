import { eventually as waitFor } from '@cartograph/testing';

/** Each check is a request through several processes, or reads all processes of the machine. */
const EVERY_MS = 150;

/**
 * Waits until `check` stops throwing.
 * @param timeoutMs after which its last error is thrown: long, since the machine may be busy
 */
export const eventually = <Value>(
  check: () => Promise<Value> | Value,
  timeoutMs = 60_000,
): Promise<Value> => waitFor(check, timeoutMs, EVERY_MS);
