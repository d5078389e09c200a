import { errorCatalogue, type ErrorCode } from './catalogue.ts';
import type { FieldFault, ValidationFailed } from './problem.ts';

type Options = {
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
  readonly argument?: FieldFault;
};

/**
 * Ends the request with a code of the catalogue. The client receives `message`, which must not
 * contain internal details; `cause` is only logged. `retryAfterSeconds` says when to try again,
 * where that is known; `argument` which argument of a field is not valid, and why.
 */
export class ShopError extends Error {
  override readonly name = 'ShopError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly argument: FieldFault | undefined;

  constructor(code: ErrorCode, message: string = errorCatalogue[code], options: Options = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.argument = options.argument;
  }
}

/**
 * Makes the BAD_USER_INPUT error of one argument.
 * @param path the argument, or the place in it: `first`, `filter.minPrice`, `ids.3`
 * @param fault what is wrong with its value: `must be 0 or more`
 */
export const argumentError = (
  path: string,
  fault: string,
  message = `${path} ${fault}`,
): ShopError => new ShopError('BAD_USER_INPUT', message, { argument: { path, message: fault } });

/**
 * Makes the BAD_USER_INPUT error of the first fault of an argument that breaks a rule of the domain.
 * @param argument the argument whose fields were validated: `filter`
 */
export const argumentErrorOf = (
  { fields: [first], message }: ValidationFailed,
  argument: string,
): ShopError =>
  argumentError(
    first?.path ? `${argument}.${first.path}` : argument,
    first?.message ?? message,
    `${argument}.${message}`,
  );
