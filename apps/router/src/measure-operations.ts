import type { ApolloServerPlugin } from '@apollo/server';
import { errorCatalogue, protocolCatalogue } from '@cartograph/errors';
import { DURATION_BOUNDARIES } from '@cartograph/telemetry';
import { metrics } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from './make-subgraph-source.ts';
import type { KnownOperations } from './known-operations.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { makeClientMetric } from './measure-clients.ts';
import { makeNameChoice } from './operation-names.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error in the response, for metrics; null for none, or if it is not known. */
    errorCode: string | null;
  }
}

/** Codes that say that the shop failed, not its client. */
const FAULTS: ReadonlySet<string> = new Set(['INTERNAL', 'UNAVAILABLE']);

const CODES: ReadonlySet<string> = new Set([
  ...Object.keys(errorCatalogue),
  ...Object.keys(protocolCatalogue),
]);

/** The codes of what is rejected before GraphQL, by HTTP status. */
const STATUS_CODES: Readonly<Record<number, string>> = {
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

const codeOfStatus = (status: number): string | null => {
  if (status < 400) return null;
  return STATUS_CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
};

/** The code by which a response is counted: the first that is the fault of the shop, else the first. */
const chooseCode = (errors: readonly GraphQLFormattedError[]): string => {
  const codes = errors.map(({ extensions }) => String(extensions?.['code']));
  const code = codes.find((each) => FAULTS.has(each)) ?? codes[0] ?? '';
  return CODES.has(code) ? code : '_OTHER';
};

/** Passes on the code of the errors in a response. */
export const noteErrors: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response, contextValue }) => {
      const errors =
        response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
      if (errors && errors.length > 0) contextValue.onErrors?.(chooseCode(errors));
    },
  }),
};

/** Measures a request that was answered. */
export type OperationMeasure = ReturnType<typeof makeOperationMetrics>;

/**
 * Measures GraphQL requests by operation, and counts them by client.
 * @param operations names of operations that metrics show, besides those of REST
 * @param clients names of clients that metrics show
 * @param known the operations of manifests, which have their names there
 * @returns measures a request that was answered
 */
export const makeOperationMetrics = (
  operations: readonly string[],
  clients: readonly string[],
  known: KnownOperations | null,
) => {
  const nameOf = makeNameChoice(operations);
  const countClient = makeClientMetric(clients);
  const meter = metrics.getMeter('cartograph.router');
  const duration = meter.createHistogram('shop.graphql.operation.duration', {
    description: 'Duration of GraphQL requests, by operation.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
  const failures = meter.createCounter('shop.graphql.operation.error', {
    description: 'GraphQL requests whose response has errors, by operation and code.',
  });
  return (
    request: GraphqlRequest & Pick<FastifyRequest, 'errorCode'>,
    { statusCode, elapsedTime }: Pick<FastifyReply, 'elapsedTime' | 'statusCode'>,
  ): void => {
    const operation = known?.find(request);
    const name = nameOf(
      operation
        ? { operationName: operation.name }
        : request.method === 'GET'
          ? request.query
          : request.body,
    );
    countClient(request, name, known?.has(request) ? 'manifest' : 'client');
    const attributes = { 'graphql.operation.name': name };
    duration.record(elapsedTime / 1_000, attributes);
    const code = request.errorCode ?? codeOfStatus(statusCode);
    if (code !== null) failures.add(1, { ...attributes, 'error.type': code });
  };
};
