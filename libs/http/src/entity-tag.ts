import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

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

/** The headers of a public response: its entity tag, and for how long caches may store it. */
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
  const known = ifNoneMatch === undefined ? undefined : findEtag(ifNoneMatch, etag);
  reply.header('etag', known ?? etag).header('cache-control', cacheControl);
  if (age !== undefined) reply.header('age', age);
  return known !== undefined;
};
