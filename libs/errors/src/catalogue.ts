/**
 * Every code that a client can receive from either API. A code is the reason, it is never renamed, and
 * the same string is in result unions, `extensions.code`, REST bodies, logs and metrics.
 * `docs/errors.md` is this table for readers; a test holds the two together.
 */

/** What a client can cause and should handle: returned as data, in a result union. */
export const problemCatalogue = {
  EMAIL_TAKEN: 'An account with this e-mail address exists.',
  IDEMPOTENCY_CONFLICT: 'This idempotency key was used for another request.',
  ILLEGAL_TRANSITION: "The order can't change from its current status to the requested one.",
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  INVALID_REFRESH_TOKEN: 'The refresh token is unknown, expired, revoked, or was used before.',
  MIXED_CURRENCIES: 'An order can hold products of one currency only.',
  ORDER_NOT_FOUND: 'There is no such order.',
  ORDER_NOT_PAID: 'The order has no successful payment.',
  ORDER_NOT_PENDING: 'The order is no longer pending.',
  OUT_OF_STOCK: 'There is not enough stock.',
  PAYMENT_DECLINED: 'The payment was declined; the order is cancelled.',
  PAYMENT_EVENT_REFUSED: 'The signature or the content of the webhook is not valid.',
  PAYMENT_NOT_FOUND: 'There is no such payment.',
  PAYMENT_NOT_REFUNDABLE: 'The payment has captured no money that could be refunded.',
  PRODUCT_NOT_FOUND: 'There is no such product.',
  REFUND_EXCEEDS_CAPTURED: 'The refund is larger than what is left of the payment.',
  REQUEST_IN_FLIGHT: 'A request with this idempotency key is in progress.',
  SESSION_NOT_FOUND: 'There is no such session.',
  SKU_TAKEN: 'Another product has this SKU.',
  TOO_MANY_ATTEMPTS: 'Too many attempts; try again later.',
  TOO_MANY_OPEN_ORDERS: 'This account has too many pending orders.',
  TOO_MANY_UNITS_HELD: 'The order would exceed the limit on units reserved by unpaid orders.',
  VALIDATION_FAILED: 'Some fields have values that are not allowed.',
  VERSION_CONFLICT: 'The product has changed since this version was read.',
} as const;

/** What ends a request: a top-level GraphQL error, or a problem+json body. */
export const errorCatalogue = {
  BAD_USER_INPUT: 'An argument has a value that is not allowed.',
  FORBIDDEN: 'This account may not do that.',
  GATEWAY_TIMEOUT: 'The shop did not answer in time; try again in a moment.',
  HEADERS_TOO_LARGE: 'The address or the headers of the request are too long, or too many.',
  INTERNAL: 'Something went wrong on our side.',
  MALFORMED_REQUEST: 'The request cannot be read.',
  METHOD_NOT_ALLOWED: 'This path does not support that method.',
  NOT_FOUND: 'There is nothing at this address.',
  OPERATION_TOO_EXPENSIVE: 'The operation asks for more than one request may cost.',
  OPERATION_TOO_LARGE: 'The operation exceeds a size limit.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  PRECONDITION_REQUIRED: 'Send the version that this change is made to, as If-Match.',
  REQUEST_TIMEOUT: 'The request took too long to arrive.',
  UNAUTHENTICATED: 'Sign in first: the access token is missing, expired or not valid.',
  UNAVAILABLE: 'A part of the shop does not answer; try again in a moment.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the body as application/json.',
} as const;

/** A code that is returned as data. */
export type ProblemCode = keyof typeof problemCatalogue;

/** A code that is thrown. */
export type ErrorCode = keyof typeof errorCatalogue;
