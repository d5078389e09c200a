import type { FastifyReply, FastifyRequest } from 'fastify';

/** What scripts of other origins may read. */
export const EXPOSED_HEADERS = [
  'Accept',
  'Accept-Encoding',
  'Accept-Patch',
  'Allow',
  'ETag',
  'Link',
  'Location',
  'RateLimit',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];

/**
 * Lets a script read a response that Fastify makes before any hook runs: of an address that can't be
 * decoded. All other responses have these headers from the CORS plugin.
 * @param origins as the plugin takes them: `*` is any
 */
export const allowOrigin = (
  origins: readonly string[],
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
): void => {
  if (origin === undefined || reply.hasHeader('access-control-expose-headers')) return;
  const isAny = origins.includes('*');
  if (!isAny && !origins.includes(origin)) return;
  reply
    .header('access-control-allow-origin', isAny ? '*' : origin)
    .header('access-control-expose-headers', EXPOSED_HEADERS.join(', '))
    .header('vary', 'Origin');
};
