import { errorCatalogue, type ErrorCode } from './catalogue.ts';

/**
 * Ends the request with a code of the catalogue. `message` reaches the client: never put anything
 * of the inside in it; `cause` does not, it goes to the log. `retryAfterSeconds` says when to try
 * again, where that is known.
 */
export class ShopError extends Error {
  override readonly name = 'ShopError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string = errorCatalogue[code],
    options?: { cause?: unknown; retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
