import type { Caller, TokenVerifier, Viewer } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { Logger } from '@cartograph/logging';
import { currentSignal } from '@cartograph/resilience';
import type { RevocationFollower } from '@cartograph/sessions';
import type { FastifyRequest } from 'fastify';

/** What every request to a subgraph carries, whatever the service. */
export type RequestContext = {
  /** Who the request is for, as its access token says; null when nobody is signed in. */
  readonly viewer: Viewer | null;
  /** True when the access token can't be judged now: what needs a viewer is UNAVAILABLE. */
  readonly isViewerUnknown: boolean;
  /** Which process sent it: the router for a client, a sister service for itself. */
  readonly caller: Caller;
  readonly log: Logger;
  /** Aborted when the deadline has passed, or the client has disconnected, before the answer. */
  readonly signal: AbortSignal | null;
  /** The client behind the router: what it calls itself, and where it is. Null when not told. */
  readonly client: { readonly device: string | null; readonly address: string | null };
};

/** Says whether the session of a valid token was revoked, as far as this process knows. */
export type SessionCheck = RevocationFollower['check'];

const BEARER = /^Bearer +([\w~+/.=-]+)$/i;

/** After this long a viewer who could not be judged may try again. */
const RETRY_AFTER_S = 1;

/**
 * Reads the viewer of a request. A token that is not valid counts as none: public fields still
 * answer (an expired session must be able to sign in again), protected ones say UNAUTHENTICATED.
 */
export const readViewer = async (
  authorization: string | undefined,
  verifyToken: TokenVerifier,
  checkSession: SessionCheck,
): Promise<Pick<RequestContext, 'viewer' | 'isViewerUnknown'>> => {
  const token = BEARER.exec(authorization ?? '')?.[1];
  try {
    const claims = token === undefined ? null : await verifyToken(token);
    const state = claims ? await checkSession(claims) : 'revoked';
    if (!claims || state !== 'live') return { viewer: null, isViewerUnknown: state === 'unknown' };
    const { id, role, sessionId } = claims;
    return { viewer: { id, role, sessionId }, isViewerUnknown: false };
  } catch (error) {
    // The keys that verify tokens are not to be had.
    if (!(error instanceof ShopError && error.code === 'UNAVAILABLE')) throw error;
    return { viewer: null, isViewerUnknown: true };
  }
};

const readHeader = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Builds the context of one request. The caller was proved before any GraphQL ran. */
export const makeRequestContext = async (
  request: FastifyRequest,
  verifyToken: TokenVerifier,
  checkSession: SessionCheck,
): Promise<RequestContext> => {
  const caller = request.caller;
  if (!caller) throw new Error('a request reached GraphQL without a proven caller');
  return {
    ...(await readViewer(request.headers.authorization, verifyToken, checkSession)),
    caller,
    log: request.log as Logger,
    signal: currentSignal(),
    // Only a router knows whom it answers; a peer service asks for itself.
    client:
      caller === 'router'
        ? {
            device: readHeader(request.headers['x-client-device']),
            address: readHeader(request.headers['x-client-address']),
          }
        : { device: null, address: null },
  };
};

/**
 * The viewer of a public field that shows more to who is signed in; null when nobody is.
 * @throws ShopError UNAVAILABLE when the access token can't be judged now
 */
export const findViewer = ({
  viewer,
  isViewerUnknown,
}: Pick<RequestContext, 'viewer' | 'isViewerUnknown'>): Viewer | null => {
  if (isViewerUnknown) {
    throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: RETRY_AFTER_S });
  }
  return viewer;
};

/**
 * The viewer of a field whose rule demands one.
 * @throws ShopError UNAUTHENTICATED when there is none, UNAVAILABLE when that can't be said now
 */
export const getViewer = (context: RequestContext): Viewer => {
  const viewer = findViewer(context);
  if (!viewer) throw new ShopError('UNAUTHENTICATED');
  return viewer;
};
