import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** The entity tag of a body that has no version: a hash of its content. */
export const hashEtag = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Whether If-None-Match has this tag: RFC 9110, section 13.1.2, compared weakly. */
const hasEtag = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

/**
 * The headers of a public response: the entity tag of the representation that the request selects, and for how
 * long caches may store it.
 */
export type CacheHeaders = {
  readonly etag: string;
  readonly cacheControl: string;
  /** For how long it was stored already, in seconds. */
  readonly age?: string;
};

/**
 * Sets the headers of a response that may be cached. A 304 has them too (RFC 9110, section 15.4.5).
 * @returns true when the client has this response already: the status is then 304
 */
export const isNotModified = (
  ifNoneMatch: string | undefined,
  reply: FastifyReply,
  { etag, cacheControl, age }: CacheHeaders,
): boolean => {
  reply.header('etag', etag).header('cache-control', cacheControl);
  if (age !== undefined) reply.header('age', age);
  return ifNoneMatch !== undefined && hasEtag(ifNoneMatch, etag);
};
