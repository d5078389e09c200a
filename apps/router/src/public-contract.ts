import { readFile } from 'node:fs/promises';
import { hashEtag, isNotModified } from '@cartograph/http';
import type { FastifyInstance } from 'fastify';

/** Where clients download the public contract of the graph. */
export const CONTRACT_URL = '/schema.graphql';

/** It changes with a release only; tools that generate code should have a new one soon. */
const CACHE_CONTROL = 'max-age=300, public';

/**
 * Serves the schema that clients may rely on, also where introspection is off. No media type is
 * registered for the schema language, so it is plain text.
 */
export const servePublicContract = async (app: FastifyInstance): Promise<void> => {
  const sdl = await readFile(new URL('../public.graphql', import.meta.url), 'utf8');
  const headers = { etag: hashEtag(sdl), cacheControl: CACHE_CONTROL };
  app.get(CONTRACT_URL, (request, reply) => {
    if (isNotModified(request.headers['if-none-match'], reply, headers)) {
      return reply.code(304).send(undefined);
    }
    return reply
      .header('x-content-type-options', 'nosniff')
      .type('text/plain; charset=utf-8')
      .send(sdl);
  });
};
