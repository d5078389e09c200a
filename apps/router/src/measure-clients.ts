import { metrics } from '@opentelemetry/api';
import { z } from 'zod';
import type { GraphqlRequest } from './graphql-request.ts';

/** Names of clients that metrics show, at most: each is a series for every operation. */
export const MAX_CLIENT_NAMES = 20;

/** The longest name or version in a line of the log. */
const MAX_LOGGED_LENGTH = 64;

const NAME = /^[\w.:@/ -]{1,64}$/;

/** METRICS_CLIENT_NAMES: values of `apollographql-client-name`, separated by commas. */
export const clientNames = (): z.ZodType<readonly string[], unknown> =>
  z
    .string()
    .default('')
    .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean))
    .refine((names) => names.every((name) => NAME.test(name)), 'must be names, separated by commas')
    .refine(
      (names) => names.length <= MAX_CLIENT_NAMES,
      `must be ${MAX_CLIENT_NAMES} names at most`,
    );

/** The name of an operation. */
const OPERATION = /^[_A-Za-z]\w{0,99}$/;

const readHeader = (
  { headers }: Pick<GraphqlRequest, 'headers'>,
  name: string,
): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== ''
    ? value.slice(0, MAX_LOGGED_LENGTH).toWellFormed()
    : undefined;
};

/**
 * The client of a request and its operation, as they are named by the client, for the line of the request
 * in the log.
 */
export const describeClient = (
  request: Pick<GraphqlRequest, 'headers'>,
  operation: unknown,
): Readonly<Record<string, string>> => {
  const name = readHeader(request, 'apollographql-client-name');
  const version = readHeader(request, 'apollographql-client-version');
  return {
    ...(name !== undefined && { client_name: name }),
    ...(version !== undefined && { client_version: version }),
    ...(typeof operation === 'string' && OPERATION.test(operation) && { operation }),
  };
};

/**
 * Counts requests by client and operation. A client cannot make series: names that are not listed are
 * `other`, a request without a name is of `none`.
 * @param known METRICS_CLIENT_NAMES
 */
export const makeClientMetric = (known: readonly string[]) => {
  const names = new Set(known);
  const requests = metrics
    .getMeter('cartograph.router')
    .createCounter('shop.graphql.client.request', {
      description: 'GraphQL requests by client and operation, and how the operation was sent.',
    });
  return (
    request: Pick<GraphqlRequest, 'headers'>,
    operation: string,
    source: 'manifest' | 'client',
  ): void => {
    const given = readHeader(request, 'apollographql-client-name');
    const client = given === undefined ? 'none' : names.has(given) ? given : 'other';
    requests.add(1, { client_name: client, 'graphql.operation.name': operation, source });
  };
};
