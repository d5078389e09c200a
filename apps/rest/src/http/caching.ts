import type { FastifyInstance } from 'fastify';

/** RFC 9111, section 5.2.2.5: no cache stores the response. */
export const NO_STORE = 'no-store';

/** What the router says about caching a response: `Cache-Control`, and `Age` if it was stored. */
export type Caching = { readonly cacheControl: string; readonly age?: string };

/** A response that no cache stores. */
export const UNCACHED: Caching = { cacheControl: NO_STORE };

/**
 * Forbids caching of every response unless its route allows it: responses contain private data,
 * tokens or problems. This server caches nothing either.
 */
export const disableCaching = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', NO_STORE);
  });
};
