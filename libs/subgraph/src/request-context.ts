import type { Caller, TokenVerifier, Viewer } from '@cartograph/auth';
import type { Logger } from '@cartograph/logging';
import type { FastifyRequest } from 'fastify';

/** What every request to a subgraph carries, whatever the service. */
export type RequestContext = {
  /** Who the request is for, as its access token says; null when nobody is signed in. */
  readonly viewer: Viewer | null;
  /** Which process sent it: the router for a client, a sister service for itself. */
  readonly caller: Caller;
  readonly log: Logger;
};

const BEARER = /^Bearer +([\w~+/.=-]+)$/i;

/**
 * Reads the viewer of a request. A token that is not valid counts as none: public fields still
 * answer (an expired session must be able to sign in again), protected ones say UNAUTHENTICATED.
 */
export const readViewer = async (
  authorization: string | undefined,
  verifyToken: TokenVerifier,
): Promise<Viewer | null> => {
  const token = BEARER.exec(authorization ?? '')?.[1];
  return token === undefined ? null : verifyToken(token);
};

/** Builds the context of one request. The caller was proved before any GraphQL ran. */
export const makeRequestContext = async (
  request: FastifyRequest,
  verifyToken: TokenVerifier,
): Promise<RequestContext> => {
  const caller = request.caller;
  if (!caller) throw new Error('a request reached GraphQL without a proven caller');
  return {
    viewer: await readViewer(request.headers.authorization, verifyToken),
    caller,
    log: request.log as Logger,
  };
};
