import type { FastifyReply, FastifyRequest } from 'fastify';

/** Which scripts of other origins may read responses, and what of them. */
export type CrossOrigin = {
  /** As the plugin takes them: `*` is any. */
  readonly origins: readonly string[];
  /** What scripts of other origins may read. */
  readonly exposedHeaders: readonly string[];
};

/** The headers that let a script of this origin read a response; none where it may not. */
export const originHeaders = (
  { origins, exposedHeaders }: CrossOrigin,
  origin: string | undefined,
): readonly (readonly [string, string])[] => {
  const isAny = origins.includes('*');
  if (origin === undefined || !(isAny || origins.includes(origin))) return [];
  return [
    ['access-control-allow-origin', isAny ? '*' : origin],
    ['access-control-expose-headers', exposedHeaders.join(', ')],
    ['vary', 'Origin'],
  ];
};

/**
 * Lets a script read a response that is made before the CORS plugin's hook runs: of an address that can't be
 * decoded, or of a request that is refused by its head. All other responses have these headers from the plugin.
 */
export const allowOrigin = (
  crossOrigin: CrossOrigin,
  { headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
): void => {
  if (reply.hasHeader('access-control-expose-headers')) return;
  for (const [name, value] of originHeaders(crossOrigin, origin)) void reply.header(name, value);
};
