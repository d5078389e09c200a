import {
  errorCatalogue,
  problemCatalogue,
  type ErrorCode,
  type ProblemCode,
} from '@cartograph/errors';

/** The HTTP status of every code of the catalogue. A code without one does not compile. */
export const statuses = {
  BAD_USER_INPUT: 422,
  EMAIL_TAKEN: 409,
  FORBIDDEN: 403,
  // Retry-After is left out: it would say that nothing was executed (RFC 9110, section 15.6.5).
  GATEWAY_TIMEOUT: 504,
  HEADERS_TOO_LARGE: 431,
  IDEMPOTENCY_CONFLICT: 409,
  ILLEGAL_TRANSITION: 409,
  INTERNAL: 500,
  INVALID_CREDENTIALS: 401,
  INVALID_REFRESH_TOKEN: 401,
  MALFORMED_REQUEST: 400,
  METHOD_NOT_ALLOWED: 405,
  MIXED_CURRENCIES: 422,
  NOT_FOUND: 404,
  OPERATION_TOO_EXPENSIVE: 400,
  OPERATION_TOO_LARGE: 400,
  ORDER_NOT_FOUND: 404,
  ORDER_NOT_PAID: 409,
  ORDER_NOT_PENDING: 409,
  OUT_OF_STOCK: 409,
  PAYLOAD_TOO_LARGE: 413,
  PAYMENT_DECLINED: 402,
  PAYMENT_EVENT_REFUSED: 400,
  PAYMENT_NOT_FOUND: 404,
  PAYMENT_NOT_REFUNDABLE: 409,
  PRECONDITION_REQUIRED: 428,
  PRODUCT_NOT_FOUND: 404,
  REFUND_EXCEEDS_CAPTURED: 409,
  REQUEST_IN_FLIGHT: 409,
  REQUEST_TIMEOUT: 408,
  SESSION_NOT_FOUND: 404,
  SKU_TAKEN: 409,
  TOO_MANY_ATTEMPTS: 429,
  // A conflict, not a rate: the client can resolve it by paying or cancelling an order (RFC 9110,
  // section 15.5.10).
  TOO_MANY_OPEN_ORDERS: 409,
  TOO_MANY_UNITS_HELD: 409,
  UNAUTHENTICATED: 401,
  UNAVAILABLE: 503,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_FAILED: 422,
  VERSION_CONFLICT: 412,
} as const satisfies Record<ProblemCode | ErrorCode, number>;

/** Any code of a problem body. */
export type Code = keyof typeof statuses;

/** Whether a text from the graph is a code that this API knows. */
export const isCode = (code: string): code is Code => Object.hasOwn(statuses, code);

/** A field that is not valid, by its name in the REST API: `items.0.qty`. */
export type FieldError = { readonly field: string; readonly message: string };

/** A limit of attempts in a time, which begins with the first of them. */
export type Quota = { readonly limit: number; readonly windowSeconds: number };

/** What a problem contains besides its code. */
export type ProblemDetails = {
  /** A sentence about this request. The default is that of the first field, or of the code. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** The `Retry-After` header (RFC 9110, section 10.2.3). */
  readonly retryAfterSeconds?: number;
  /** The `RateLimit-Policy` header: how many attempts are allowed in which time. */
  readonly quota?: Quota;
  /** Extension members (RFC 9457, section 3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>;
};

const sentences = { ...problemCatalogue, ...errorCatalogue };

/** The catalogue's sentence for a code. */
export const sentenceOf = (code: Code): string => sentences[code];

const describe = (code: Code, [first]: readonly FieldError[]): string =>
  first ? `${first.field}: ${first.message}` : sentenceOf(code);

/** Ends the request with a problem. The client receives all of it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: Code;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly quota: Quota | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: Code, details: ProblemDetails = {}) {
    const { detail, errors = [], retryAfterSeconds, quota, extensions = {} } = details;
    super(detail ?? describe(code, errors));
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.quota = quota;
    this.extensions = extensions;
  }
}
