import { errorCatalogue, ShopError, type ErrorCode } from '@cartograph/errors';
import { ProblemError } from '../problems/problem-error.ts';
import { toParameterName } from './field-names.ts';

/** One entry of `errors[]` of a GraphQL response. */
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

/** Codes of routers for a subgraph that does not respond. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'DOWNSTREAM_SERVICE_ERROR',
  'REQUEST_RATE_LIMITED',
  'REQUEST_TIMEOUT',
  'SUBREQUEST_HTTP_ERROR',
  'SUBREQUEST_MALFORMED_RESPONSE',
]);

/** Codes whose cause is logged. */
const SERVER_FAULTS: ReadonlySet<ErrorCode> = new Set([
  'GATEWAY_TIMEOUT',
  'INTERNAL',
  'UNAVAILABLE',
]);

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCatalogue, code);

/** The client learns which of its parameters is not valid; any other error is only logged. */
const toBadInput = ({ message, extensions }: GraphError): ShopError | ProblemError => {
  const { argument, fault } = extensions ?? {};
  const field = toParameterName(String(argument));
  return field === undefined || typeof fault !== 'string'
    ? new ShopError('BAD_USER_INPUT', undefined, { cause: new Error(message) })
    : new ProblemError('BAD_USER_INPUT', { errors: [{ field, message: fault }] });
};

const readRetryAfter = (extensions: GraphError['extensions']): { retryAfterSeconds?: number } => {
  const seconds = extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {};
};

/**
 * Translates a top-level error of the graph: a code of the catalogue stays, UNAVAILABLE when a
 * subgraph does not respond, INTERNAL for everything else.
 */
export const toFailure = (error: GraphError | undefined): ShopError | ProblemError => {
  const { message = 'no data and no error', extensions } = error ?? {};
  const code = extensions?.code;
  if (error && code === 'BAD_USER_INPUT') return toBadInput(error);
  const cause = new Error(`the graph answered ${String(code)}: ${message}`);
  // First: REQUEST_TIMEOUT is in the catalogue too, about a client that sends too slowly.
  if (UNREACHABLE.has(code)) return new ShopError('UNAVAILABLE', undefined, { cause });
  if (!isErrorCode(code)) return new ShopError('INTERNAL', undefined, { cause });
  const isServerFault = SERVER_FAULTS.has(code);
  return new ShopError(
    code,
    undefined,
    isServerFault ? { cause, ...readRetryAfter(extensions) } : undefined,
  );
};
