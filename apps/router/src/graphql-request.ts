import type { FastifyRequest } from 'fastify';

/** What a GraphQL request over HTTP says, also before it has become a request of Fastify. */
export type GraphqlRequest = Pick<
  FastifyRequest,
  'body' | 'bodyText' | 'headers' | 'method' | 'query' | 'url'
>;
