import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

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

/** The entity tag of a body that has no version: a hash of its content. */
export const hashEtag = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** What a compressed response adds to the tag. */
const CODING = /-(?:br|gzip)(?="$)/;

/**
 * The tag of If-None-Match that is this one, or that of its compressed response: RFC 9110,
 * section 13.1.2, compared weakly.
 */
const findEtag = (ifNoneMatch: string, etag: string): string | undefined => {
  if (ifNoneMatch.trim() === '*') return etag;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.find((tag) => tag === etag || tag.replace(CODING, '') === etag);
};

/** The headers of a public response: its entity tag, and what the router says about caching. */
export type CacheHeaders = Caching & { readonly etag: string };

/**
 * Sets the headers of a response that may be cached. A 304 has them too (RFC 9110, section 15.4.5).
 * @returns true when the client has this response already: the status is then 304
 */
export const isNotModified = (
  ifNoneMatch: string | undefined,
  reply: FastifyReply,
  { etag, cacheControl, age }: CacheHeaders,
): boolean => {
  const known = ifNoneMatch === undefined ? undefined : findEtag(ifNoneMatch, etag);
  reply.header('etag', known ?? etag).header('cache-control', cacheControl);
  if (age !== undefined) reply.header('age', age);
  return known !== undefined;
};
