import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError, type Person } from './client.ts';
import type { Operation, Result } from './operations.ts';

/** How often a client repeats a request that the shop is too busy for. */
const TRIES = 20;
const PAUSE_MS = 1_000;

/**
 * On a machine that is too slow. The same request has a result later. FORBIDDEN: the request waited
 * for longer than its signature is valid; the router says UNAVAILABLE then.
 */
const isBusy = (result: Result | string): boolean =>
  (typeof result === 'string' && ['UNAVAILABLE', 'FORBIDDEN', 'AbortError'].includes(result)) ||
  (typeof result !== 'string' && result.__typename === 'RequestInFlightProblem');

/** The code of the shop's error, or what happened to the connection. */
const describeError = (error: unknown): string => {
  if (error instanceof RequestError) return error.code;
  const { name, message, code } = error as NodeJS.ErrnoException;
  return name === 'AbortError' ? name : `${code ?? name}: ${message}`;
};

/**
 * Sends a request again while the shop is too busy for it.
 * @returns the final result, or what was wrong, and the number of requests
 */
export const sendWhileBusy = async (
  send: () => Promise<Result>,
): Promise<{ readonly result: Result | string; readonly tries: number }> => {
  for (let tries = 1; ; tries += 1) {
    const result = await send().catch(describeError);
    if (!isBusy(result) || tries === TRIES) return { result, tries };
    await sleep(PAUSE_MS);
  }
};

/** As sendWhileBusy, and as clients do: with a key, so that a repeat is the same request. */
export const trySendUntilServed = (person: Person, operation: Operation, fields: object) => {
  const input = { idempotencyKey: randomUUID(), ...fields };
  return sendWhileBusy(() => person.send(operation, input));
};

/** As trySendUntilServed. @returns the result. @throws when the last response had an error */
export const sendUntilServed = async (
  person: Person,
  operation: Operation,
  fields: object,
): Promise<Result> => {
  const { result, tries } = await trySendUntilServed(person, operation, fields);
  if (typeof result !== 'string') return result;
  throw new Error(`${operation}: ${result} after ${tries} requests`);
};
