import type { ErrorCode, ProblemCode } from './catalogue.ts';

/**
 * What a client should do about each code. The REST API shows it at `/problems/<code>`. A code without
 * advice does not compile.
 */
export const advice: Readonly<Record<ProblemCode | ErrorCode, string>> = {
  BAD_USER_INPUT:
    'Correct the value that the error names and send the request again. A repeat without a change fails again.',
  EMAIL_TAKEN:
    'Offer to sign in with this address instead. Another spelling of an address is the same account.',
  FORBIDDEN: 'Do not repeat the request. It needs an account with another role.',
  GATEWAY_TIMEOUT:
    'It is not known whether the request was executed. Repeat it with the same idempotency key; if it had none, read first what it may have changed. Wait longer after each failure.',
  HEADERS_TOO_LARGE:
    'Send a shorter address, or fewer and shorter headers. Limits are 16 KiB and 100 headers by default.',
  IDEMPOTENCY_CONFLICT:
    'Make a new key for the new request. A repeat of the old request has the same key and the same body.',
  ILLEGAL_TRANSITION:
    'Read the order again. `allowed` lists the statuses that it can have next; an empty list means none.',
  INTERNAL:
    'Repeat the request once, with the same idempotency key if it had one. If it fails again, report `trace_id` to support.',
  INVALID_CREDENTIALS:
    'Ask for the address and the password again. The response does not say which of them is wrong.',
  INVALID_REFRESH_TOKEN:
    'Sign in again. A refresh token can be used once: store the new one before you discard the old one.',
  MALFORMED_REQUEST:
    'Correct the request: its HTTP, its encoding (UTF-8) or its JSON cannot be read. A repeat without a change fails again.',
  METHOD_NOT_ALLOWED: 'Use one of the methods in the header Allow.',
  MIXED_CURRENCIES: 'Make one order for each currency.',
  NOT_FOUND: 'Check the address. Paths are case-sensitive, and ids are UUIDs.',
  OPERATION_TOO_EXPENSIVE: 'Ask for less in one request: shorter pages, or fewer nested lists.',
  OPERATION_TOO_LARGE: 'Split the operation. The message names the limit that it exceeds.',
  ORDER_NOT_FOUND:
    'Check the id. An order of another account is not found either: sign in with the account that made it.',
  ORDER_NOT_PAID: 'Wait until the payment succeeds, or cancel the order.',
  ORDER_NOT_PENDING:
    'Show `order`: it is paid or cancelled. To buy the same products again, make a new order.',
  OUT_OF_STOCK:
    'Show `shortages` and let the customer order what is available. Nothing was reserved.',
  PAYLOAD_TOO_LARGE: 'Send a smaller body: at most 512 KiB, and 256 KiB for a webhook.',
  PAYMENT_DECLINED:
    'Show `reason` to the customer. The order is cancelled and its stock is released: to try another payment method, make a new order.',
  PAYMENT_EVENT_REFUSED:
    'Sign the exact bytes of the body with the secret that both sides have, no more than five minutes before.',
  PAYMENT_NOT_FOUND: 'Check the id of the payment.',
  PAYMENT_NOT_REFUNDABLE: 'Read the payment: only one that succeeded can be refunded.',
  PRECONDITION_REQUIRED:
    'Read the resource, then repeat the change with its version or its ETag in the header If-Match.',
  PRODUCT_NOT_FOUND:
    'Check the id. An archived product cannot be ordered: remove it from the basket.',
  REFUND_EXCEEDS_CAPTURED: 'Refund at most what the problem says is left.',
  REQUEST_IN_FLIGHT:
    'Wait for as long as Retry-After says, then repeat the request with the same key and body: you get the result of the first one.',
  REQUEST_TIMEOUT: 'The whole request did not arrive in time. Send it again on a new connection.',
  SESSION_NOT_FOUND: 'Nothing needs to be done: this session has ended.',
  SKU_TAKEN: 'Use another SKU, or change the product that has this one.',
  TOO_MANY_ATTEMPTS: 'Wait for as long as Retry-After says before the next attempt.',
  TOO_MANY_OPEN_ORDERS:
    'Pay or cancel a pending order, or wait for as long as Retry-After says. The idempotency key may be used again.',
  TOO_MANY_UNITS_HELD:
    'Pay or cancel a pending order, order fewer units, or wait for as long as Retry-After says. The idempotency key may be used again.',
  UNAUTHENTICATED:
    'Refresh the session, or sign in again, and repeat the request with the new access token.',
  UNAVAILABLE:
    'Repeat the request after Retry-After, with the same idempotency key if it had one, and wait longer after each failure.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the body as application/json, in UTF-8 and not compressed.',
  VALIDATION_FAILED:
    'Show each entry of `errors` at its field. A repeat without a change fails again.',
  VERSION_CONFLICT:
    'Read the resource again, apply the change to what it is now, and send it with the new version.',
};
