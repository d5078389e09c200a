/** An error of the graph, as GraphQL servers send it. */
export type GraphError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    /** The reason, of the shop's catalogue: docs/errors.md. */
    readonly code?: string;
    readonly retryAfterSeconds?: number;
    /** The argument that is not valid: `filter.minPrice`. */
    readonly argument?: string;
  };
};

/** Codes of failures that no server reported. */
export type ClientCode =
  /** There was no response: the network or the server is down. */
  | 'NETWORK'
  /** The deadline of the call has passed. It is not known whether the shop did what was asked. */
  | 'TIMEOUT'
  /** The response is not one of a GraphQL server. */
  | 'BAD_RESPONSE';

/** What is known about a failed call. */
export type ErrorDetails = {
  readonly cause?: unknown;
  readonly status?: number | undefined;
  readonly errors?: readonly GraphError[];
  readonly retryAfterSeconds?: number | null;
  readonly requestId?: string | null;
  readonly idempotencyKey?: string | undefined;
};

/** A call that failed. What a customer can cause and an app should handle is no error, but a result. */
export class ShopClientError extends Error {
  /** A code of the shop's catalogue (`UNAVAILABLE`), or of `ClientCode`. */
  readonly code: string;
  /** The HTTP status; undefined without a response. */
  readonly status: number | undefined;
  /** All errors of the response. */
  readonly errors: readonly GraphError[];
  /** When the shop wants to be asked again; null if it did not say. */
  readonly retryAfterSeconds: number | null;
  /** The id under which the shop logged the request, for support. */
  readonly requestId: string | null;
  /**
   * The key that the request was sent with. Call again with it to complete what may have been done
   * already: it is done once.
   */
  readonly idempotencyKey: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'ShopClientError';
    this.code = code;
    this.status = details.status;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.requestId = details.requestId ?? null;
    this.idempotencyKey = details.idempotencyKey;
  }

  /** The same error of a request that had an idempotency key. */
  withIdempotencyKey(idempotencyKey: string): ShopClientError {
    return new ShopClientError(this.code, this.message, { ...this, idempotencyKey });
  }
}
