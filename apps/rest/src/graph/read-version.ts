import type { FastifyRequest } from 'fastify';
import { GetProductDocument } from '../generated/operations.ts';
import { NO_STORE } from '../http/caching.ts';
import { readIfMatch, toVersion, type Current } from '../input/if-match.ts';
import { makeProductEtag } from '../views/product-etag.ts';
import type { GraphClient } from './make-graph-client.ts';

type ChangeRequest = Pick<FastifyRequest, 'headers' | 'id' | 'ip' | 'log'>;

/** The product itself, not a response that is stored: the change must see the last sale. */
const findCurrent = async (
  graph: GraphClient,
  { headers, id: requestId, ip, log }: ChangeRequest,
  id: string,
): Promise<Current | null> => {
  const caller = { id: requestId, ip, log, headers: { ...headers, 'cache-control': NO_STORE } };
  const product = await graph.execute(caller, GetProductDocument, { id }, (data) => data.product);
  return product && { version: product.version, tag: makeProductEtag(product).slice(1, -1) };
};

/**
 * The version that a change of a product is made to, by the If-Match of the request.
 * @throws ProblemError VALIDATION_FAILED when the header is not valid
 */
export const readVersion = (
  graph: GraphClient,
  request: ChangeRequest & { readonly headers: { readonly 'if-match': string } },
  id: string,
): Promise<number> =>
  toVersion(readIfMatch(request.headers['if-match']), () => findCurrent(graph, request, id));
