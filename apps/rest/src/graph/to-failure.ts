import { errorCatalogue, ShopError, type ErrorCode } from '@cartograph/errors';
import { FILTER_PARAMETERS } from '../input/products-query.ts';
import { Refusal } from '../problems/refusal.ts';

/** One entry of `errors[]` of a GraphQL answer. */
export type GraphError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: unknown;
    readonly retryAfterSeconds?: unknown;
    readonly argument?: unknown;
    readonly fault?: unknown;
  };
};

/** What routers say when a subgraph behind them does not answer. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'DOWNSTREAM_SERVICE_ERROR',
  'GATEWAY_TIMEOUT',
  'REQUEST_RATE_LIMITED',
  'REQUEST_TIMEOUT',
  'SUBREQUEST_HTTP_ERROR',
  'SUBREQUEST_MALFORMED_RESPONSE',
]);

/** The arguments that only the graph can check, and the query parameters they are made from. */
const PARAMETERS = new Map([
  ['after', 'cursor'],
  ['before', 'before'],
  ['first', 'limit'],
  ['last', 'limit'],
  ...FILTER_PARAMETERS,
]);

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCatalogue, code);

const INDEX = /\.\d+$/;

/** The client learns which of its parameters is not valid; any other error is only logged. */
const toBadInput = ({ message, extensions }: GraphError): ShopError | Refusal => {
  const { argument, fault } = extensions ?? {};
  const field = PARAMETERS.get(String(argument).replace(INDEX, ''));
  return field === undefined || typeof fault !== 'string'
    ? new ShopError('BAD_USER_INPUT', undefined, { cause: new Error(message) })
    : new Refusal('BAD_USER_INPUT', { errors: [{ field, message: fault }] });
};

const readRetryAfter = (extensions: GraphError['extensions']): { retryAfterSeconds?: number } => {
  const seconds = extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {};
};

/**
 * Makes of a top-level error of the graph what ends the request: the same code where it is one of
 * the catalogue, UNAVAILABLE for a subgraph that is not there, INTERNAL for anything else.
 */
export const toFailure = (error: GraphError | undefined): ShopError | Refusal => {
  const { message = 'no data and no error', extensions } = error ?? {};
  const code = extensions?.code;
  if (error && code === 'BAD_USER_INPUT') return toBadInput(error);
  const cause = new Error(`the graph answered ${String(code)}: ${message}`);
  // First: to time out is a code of ours as well, about what a client sends to this server.
  if (UNREACHABLE.has(code)) return new ShopError('UNAVAILABLE', undefined, { cause });
  if (isErrorCode(code)) {
    const ours = code === 'INTERNAL' || code === 'UNAVAILABLE';
    return new ShopError(
      code,
      undefined,
      ours ? { cause, ...readRetryAfter(extensions) } : undefined,
    );
  }
  return new ShopError('INTERNAL', undefined, { cause });
};
