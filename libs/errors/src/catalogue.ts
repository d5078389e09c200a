/**
 * Every code that a client can receive from either API. A code is the reason, it is never renamed, and
 * the same string is in result unions, `extensions.code`, REST bodies, logs and metrics.
 * `docs/errors.md` is this table for readers; a test holds the two together.
 */

/** What a client can cause and should handle: returned as data, in a result union. */
export const problemCatalogue = {
  EMAIL_TAKEN: 'An account with this e-mail address exists.',
  IDEMPOTENCY_CONFLICT: 'This idempotency key was used for another request.',
  ILLEGAL_TRANSITION: 'The order can not go from its status to that one.',
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  INVALID_REFRESH_TOKEN: 'The refresh token is not known, no longer good, or was used before.',
  MIXED_CURRENCIES: 'An order can hold products of one currency only.',
  ORDER_NOT_FOUND: 'There is no such order.',
  ORDER_NOT_PAID: 'The money for the order was not taken.',
  ORDER_NOT_PENDING: 'The order is no longer pending.',
  OUT_OF_STOCK: 'There is not enough stock.',
  PAYMENT_DECLINED: 'The payment was declined; the order is cancelled.',
  PAYMENT_EVENT_REFUSED: 'The webhook is not proved to be of the provider, or can not be read.',
  PAYMENT_NOT_FOUND: 'There is no such payment.',
  PAYMENT_NOT_REFUNDABLE: 'The payment took no money that could be given back.',
  PRODUCT_NOT_FOUND: 'There is no such product.',
  REFUND_EXCEEDS_CAPTURED: 'More was to be given back than is left of the payment.',
  REQUEST_IN_FLIGHT: 'A request with this idempotency key is being worked on.',
  SESSION_NOT_FOUND: 'There is no such session.',
  SKU_TAKEN: 'Another product has this SKU.',
  TOO_MANY_ATTEMPTS: 'Too many attempts; try again later.',
  TOO_MANY_OPEN_ORDERS: 'Too many orders of this account wait to be paid.',
  TOO_MANY_UNITS_HELD: 'The order would hold more units than may be held before they are paid.',
  VALIDATION_FAILED: 'Some fields have values that are not allowed.',
  VERSION_CONFLICT: 'The product was changed by somebody else in the meantime.',
} as const;

/** What ends a request: a top-level GraphQL error, or a problem+json body. */
export const errorCatalogue = {
  BAD_USER_INPUT: 'An argument has a value that is not allowed.',
  FORBIDDEN: 'This account may not do that.',
  HEADERS_TOO_LARGE: 'The address or the headers of the request are too long, or too many.',
  INTERNAL: 'Something went wrong on our side.',
  MALFORMED_REQUEST: 'The request cannot be read.',
  METHOD_NOT_ALLOWED: 'This address does not answer that method.',
  NOT_FOUND: 'There is nothing at this address.',
  OPERATION_TOO_EXPENSIVE: 'The operation asks for more than one request may cost.',
  OPERATION_TOO_LARGE: 'The operation has more of something than one operation may have.',
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
