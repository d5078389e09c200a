import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** RFC 9111, section 5.2.2.5: nobody on the way keeps a copy. */
export const NO_STORE = 'no-store';

/**
 * Lets nobody keep what this door answers, but where a route says otherwise: what is somebody's,
 * tokens, and problems. Nothing is kept in here either: every request asks the graph.
 */
export const keepNothing = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', NO_STORE);
  });
};

/** The entity tag of a body that has no version: it changes when anything in it does. */
export const hashEtag = (body: object): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;

/** True when If-None-Match names this tag: RFC 9110, section 13.1.2, compared weakly. */
const namesEtag = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

/** A public answer: its tag, and how long it may be kept, as the router said. */
export type Kept = { readonly etag: string; readonly cacheControl: string };

/**
 * Says of an answer how long it may be kept and what its tag is. A 304 has these headers too (RFC
 * 9110, section 15.4.5).
 * @returns true when If-None-Match says that the client has it: then 304 is the answer
 */
export const isKnown = (
  ifNoneMatch: string | undefined,
  reply: FastifyReply,
  { etag, cacheControl }: Kept,
): boolean => {
  reply.header('etag', etag).header('cache-control', cacheControl);
  return ifNoneMatch !== undefined && namesEtag(ifNoneMatch, etag);
};
