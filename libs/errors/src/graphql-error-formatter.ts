import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorCatalogue } from './catalogue.ts';
import { ShopError } from './shop-error.ts';

/** Codes that the GraphQL servers themselves give, and whose messages are about the query alone. */
export const protocolCatalogue = {
  BAD_REQUEST: 'The HTTP request is not a GraphQL request.',
  GRAPHQL_PARSE_FAILED: 'The query is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The query does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document has no operation of that name.',
  PERSISTED_QUERY_NOT_ALLOWED: 'This server takes only the operations of its manifests.',
  PERSISTED_QUERY_NOT_FOUND: 'The server does not know this persisted query; send it whole.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'The server takes no persisted queries.',
} as const;

const PUBLIC_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(errorCatalogue),
  ...Object.keys(protocolCatalogue),
]);

/** A sentence fits; graphql-js repeats what it refuses, however long that is. */
const MAX_MESSAGE_LENGTH = 500;

const shorten = (message: string): string =>
  message.length <= MAX_MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MAX_MESSAGE_LENGTH - 1).toWellFormed()}\u2026`;

/** What was thrown, without the GraphQL error around it: a log prints causes of that only. */
const thrown = (error: unknown): unknown =>
  error instanceof GraphQLError ? (error.originalError ?? error) : error;

const shopErrorIn = (error: unknown): ShopError | null => {
  const original = thrown(error);
  return original instanceof ShopError ? original : null;
};

/**
 * Whether Apollo Server refused the request without giving it a code, as it does for a persisted query
 * whose hash is another: only an HTTP status says that the client caused it.
 */
const isRefusedRequest = (error: unknown): boolean => {
  if (!(error instanceof GraphQLError) || error.originalError) return false;
  const { code, http } = error.extensions as { code?: unknown; http?: { status?: unknown } };
  const status = Number(http?.status);
  return code === undefined && status >= 400 && status < 500;
};

/** Which argument is not valid, and why. */
const readArgument = (path: unknown, fault: unknown): { argument?: string; fault?: string } =>
  typeof path === 'string' && typeof fault === 'string'
    ? { argument: shorten(path), fault: shorten(fault) }
    : {};

/** When to try again, where the failed service says so. */
const readRetryAfter = (seconds: unknown): { retryAfterSeconds?: number } =>
  typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds > 0
    ? { retryAfterSeconds: seconds }
    : {};

/**
 * Makes Apollo Server's `formatError`: an error of the catalogue keeps its code and sentence,
 * anything else becomes INTERNAL, which says nothing to the client and everything to the log.
 * @param onUnexpected receives every error whose cause the client does not see
 * @param isOverload says which of these mean only that there was too much to do: UNAVAILABLE
 */
export const makeGraphqlErrorFormatter =
  (onUnexpected: (error: unknown) => void, isOverload: (error: unknown) => boolean = () => false) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const message = shorten(formatted.message);
    const place = { ...(locations && { locations }), ...(path && { path }) };
    const shopError = shopErrorIn(error);
    if (shopError) {
      if (shopError.cause !== undefined || shopError.code === 'INTERNAL')
        onUnexpected(thrown(error));
      const extensions = {
        code: shopError.code,
        ...readRetryAfter(shopError.retryAfterSeconds),
        ...readArgument(shopError.argument?.path, shopError.argument?.message),
      };
      return { message: shopError.message, ...place, extensions };
    }
    const code = isRefusedRequest(error) ? 'BAD_REQUEST' : formatted.extensions?.['code'];
    if (typeof code === 'string' && PUBLIC_CODES.has(code)) {
      const { retryAfterSeconds, argument, fault } = formatted.extensions ?? {};
      const details = { ...readRetryAfter(retryAfterSeconds), ...readArgument(argument, fault) };
      return { message, ...place, extensions: { code, ...details } };
    }
    onUnexpected(thrown(error));
    const extensions = isOverload(thrown(error))
      ? { code: 'UNAVAILABLE' as const, retryAfterSeconds: 1 }
      : { code: 'INTERNAL' as const };
    return { message: errorCatalogue[extensions.code], ...place, extensions };
  };
