import { errorCatalogue, ShopError, type ErrorCode } from '@cartograph/errors';
import { Refusal } from '../problems/refusal.ts';

/** One entry of `errors[]` of a GraphQL answer. */
export type GraphError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: unknown; readonly retryAfterSeconds?: unknown };
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

/** The arguments of lists that only the graph can judge, by what they are called here. */
const PARAMETERS = new Map([
  ['after', 'cursor'],
  ['before', 'before'],
  ['categories', 'category'],
  ['category', 'category'],
  ['currency', 'currency'],
  ['first', 'limit'],
  ['last', 'limit'],
  ['maxPrice', 'max_price_cents'],
  ['minPrice', 'min_price_cents'],
  ['skus', 'sku'],
  ['text', 'q'],
]);

const ARGUMENT_FAULT = /^(?:filter\.)?(\w+)(?:\.\d+)?:? ((?:has|is|must) .+)$/;

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCatalogue, code);

/** A message about an argument is told in our words; one about GraphQL itself is for the log. */
const toBadInput = (message: string): ShopError | Refusal => {
  const [, argument = '', fault = ''] = ARGUMENT_FAULT.exec(message) ?? [];
  const field = PARAMETERS.get(argument);
  return field === undefined
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
  if (code === 'BAD_USER_INPUT') return toBadInput(message);
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
