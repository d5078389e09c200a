import { errorCatalogue, type ErrorCode } from './catalogue.ts';

/**
 * Ends the request with a code of the catalogue. `message` reaches the client: never put anything
 * of the inside in it; `cause` does not, it goes to the log.
 */
export class ShopError extends Error {
  override readonly name = 'ShopError';
  readonly code: ErrorCode;

  constructor(
    code: ErrorCode,
    message: string = errorCatalogue[code],
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
  }
}
