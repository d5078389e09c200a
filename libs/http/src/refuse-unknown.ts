import type { FastifyInstance } from 'fastify';
import { RequestError } from './request-error.ts';
import { sendGraphqlError } from './send-graphql-error.ts';

/**
 * Answers what a server of GraphQL has no route for, as a GraphQL error: another path with 404, and
 * another method of one of `urls` with 405 and `Allow` (RFC 9110, section 15.5.6), before a body is
 * read. Call it once, after the routes are made. OPTIONS is left to CORS.
 */
export const refuseUnknown = (app: FastifyInstance, ...urls: readonly string[]): void => {
  for (const url of urls) {
    const has = (method: string): boolean => app.hasRoute({ url, method });
    const allow = app.supportedMethods.filter(has).sort().join(', ');
    app.route({
      url,
      method: app.supportedMethods.filter((method) => method !== 'OPTIONS' && !has(method)),
      onRequest: async (_request, reply) => {
        reply.header('allow', allow);
        throw new RequestError('METHOD_NOT_ALLOWED');
      },
      handler: () => undefined,
    });
  }
  app.setNotFoundHandler((request, reply) =>
    sendGraphqlError(new RequestError('NOT_FOUND'), request, reply),
  );
};
