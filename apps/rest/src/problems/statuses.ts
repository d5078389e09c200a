import type { ErrorCode, ProblemCode } from '@cartograph/errors';

/** The one table from a code of the catalogue to an HTTP status. A code without one won't compile. */
export const statuses = {
  BAD_USER_INPUT: 422,
  EMAIL_TAKEN: 409,
  FORBIDDEN: 403,
  IDEMPOTENCY_CONFLICT: 409,
  INTERNAL: 500,
  INVALID_CREDENTIALS: 401,
  INVALID_REFRESH_TOKEN: 401,
  MALFORMED_REQUEST: 400,
  METHOD_NOT_ALLOWED: 405,
  MIXED_CURRENCIES: 422,
  NOT_FOUND: 404,
  ORDER_NOT_FOUND: 404,
  ORDER_NOT_PENDING: 409,
  OUT_OF_STOCK: 409,
  PAYLOAD_TOO_LARGE: 413,
  PAYMENT_DECLINED: 402,
  PRECONDITION_REQUIRED: 428,
  PRODUCT_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  SKU_TAKEN: 409,
  TOO_MANY_ATTEMPTS: 429,
  UNAUTHENTICATED: 401,
  UNAVAILABLE: 503,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_FAILED: 422,
  VERSION_CONFLICT: 412,
} as const satisfies Record<ProblemCode | ErrorCode, number>;

/** Any code that a body can carry. */
export type Code = keyof typeof statuses;
