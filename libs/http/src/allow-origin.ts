import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Lets a script read a response that is made before the CORS plugin's hook runs: of an address that can't be
 * decoded, or of a request that is refused by its head. All other responses have these headers from the plugin.
 * @param origins as the plugin takes them: `*` is any
 * @param exposedHeaders what scripts of other origins may read
 */
export const allowOrigin = (
  { origins, exposedHeaders }: { origins: readonly string[]; exposedHeaders: readonly string[] },
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
): void => {
  if (origin === undefined || reply.hasHeader('access-control-expose-headers')) return;
  const isAny = origins.includes('*');
  if (!isAny && !origins.includes(origin)) return;
  reply
    .header('access-control-allow-origin', isAny ? '*' : origin)
    .header('access-control-expose-headers', exposedHeaders.join(', '))
    .header('vary', 'Origin');
};
