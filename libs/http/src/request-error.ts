import { errorCatalogue } from '@cartograph/errors';

/** The HTTP status of each reason to reject a request that cannot be parsed. */
const STATUSES = {
  HEADERS_TOO_LARGE: 431,
  MALFORMED_REQUEST: 400,
  METHOD_NOT_ALLOWED: 405,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  UNAUTHENTICATED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
} as const;

/** Why a request is rejected before it reaches a route. */
export type RefusalCode = keyof typeof STATUSES;

/** Ends a request before it reaches the shop. The client receives its message. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RefusalCode;
  readonly statusCode: number;

  /** @param message a sentence about this request; that of the code, when not given */
  constructor(code: RefusalCode, message: string = errorCatalogue[code]) {
    super(message);
    this.code = code;
    this.statusCode = STATUSES[code];
  }
}
