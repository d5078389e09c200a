import type { Admission, LaneName } from '@cartograph/admission';
import { originHeaders, rejectEarly, type CrossOrigin, type EarlyRequest } from '@cartograph/http';
import type { FastifyInstance } from 'fastify';
import { readCacheKey } from './cache-key.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { makeOverloaded } from './graphql-response.ts';
import { describeClient } from './measure-clients.ts';
import type { OperationMeasure } from './measure-operations.ts';

const toGraphqlRequest = (early: EarlyRequest): GraphqlRequest => ({ ...early, query: {} });

/**
 * Rejects requests for which there is no slot and no place to wait, as early as possible: at twice the load that the
 * router can answer, half of the requests are rejected, and what they cost is missing for the others.
 * @param options.mayBeExecuted a request that may not is left to its handler, which says why
 * @param options.mayShare whether a request with this cache key may need no slot
 * @returns whether a request is rejected, for a handler
 */
export const rejectOverload = (
  app: FastifyInstance,
  options: {
    readonly route: string;
    readonly mayBeExecuted: (request: GraphqlRequest) => boolean;
    readonly mayShare: (key: string) => boolean;
    readonly laneOf: (request: GraphqlRequest) => LaneName;
    readonly admission: Admission;
    readonly measure: OperationMeasure;
    readonly crossOrigin: CrossOrigin;
  },
): ((request: GraphqlRequest, key: string | null) => boolean) => {
  const { admission } = options;

  const isRejected = (request: GraphqlRequest, key: string | null): boolean =>
    !(key !== null && options.mayShare(key)) && admission.isRejected(options.laneOf(request));

  rejectEarly(app, {
    route: options.route,
    isOn: () => admission.isFull('general'),
    reject: (early) => {
      const request = toGraphqlRequest(early);
      if (!options.mayBeExecuted(request) || !isRejected(request, readCacheKey(request))) {
        return null;
      }
      const { operationName } = (early.body ?? {}) as { readonly operationName?: unknown };
      const { status, headers, body } = makeOverloaded();
      const origin = originHeaders(options.crossOrigin, early.headers.origin);
      return {
        status,
        headers: [...headers, ['vary', 'Accept'], ...origin],
        body,
        details: describeClient(early, operationName),
      };
    },
    onRejection: (early, statusCode, elapsedTime) =>
      options.measure(
        { ...toGraphqlRequest(early), errorCode: 'UNAVAILABLE' },
        { statusCode, elapsedTime },
      ),
  });
  return isRejected;
};
