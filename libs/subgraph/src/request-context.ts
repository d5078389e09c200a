import type { Caller, TokenVerifier, Viewer } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { Logger } from '@cartograph/logging';
import { currentSignal } from '@cartograph/resilience';
import type { RevocationFollower } from '@cartograph/sessions';
import type { FastifyRequest } from 'fastify';

/** What every request to a subgraph carries. */
export type RequestContext = {
  /** The subject of the access token; null without a valid one. */
  readonly viewer: Viewer | null;
  /** True when the access token can't be verified now: fields that need a viewer are UNAVAILABLE. */
  readonly isViewerUnknown: boolean;
  /** The process that sent it: the router for a client, or a peer service. */
  readonly caller: Caller;
  readonly log: Logger;
  /** Aborted at the deadline, and when the client disconnects before the response. */
  readonly signal: AbortSignal | null;
  /** The device name and the address of the router's client; null when unknown. */
  readonly client: { readonly device: string | null; readonly address: string | null };
};

/** Whether the session of a valid token was revoked, by this process's copy of the feed. */
export type SessionCheck = RevocationFollower['check'];

const BEARER = /^Bearer +([\w~+/.=-]+)$/i;

/** When a client whose token could not be verified may retry. */
const RETRY_AFTER_S = 1;

/**
 * Reads the viewer of a request. An invalid token counts as none: public fields still work (the client
 * of an expired session must be able to sign in again), protected ones are UNAUTHENTICATED.
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
    // The keys that verify tokens can't be fetched.
    if (!(error instanceof ShopError && error.code === 'UNAVAILABLE')) throw error;
    return { viewer: null, isViewerUnknown: true };
  }
};

const readHeader = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Makes the context of one request, whose caller was authenticated before. */
export const makeRequestContext = async (
  request: FastifyRequest,
  verifyToken: TokenVerifier,
  checkSession: SessionCheck,
): Promise<RequestContext> => {
  const caller = request.caller;
  if (!caller) throw new Error('a request reached GraphQL without an authenticated caller');
  return {
    ...(await readViewer(request.headers.authorization, verifyToken, checkSession)),
    caller,
    log: request.log as Logger,
    signal: currentSignal(),
    // A peer service has no client.
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
 * The viewer of a public field that shows more to a signed-in client; null for others.
 * @throws ShopError UNAVAILABLE when the access token can't be verified now
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
 * The viewer of a field whose rule requires one.
 * @throws ShopError UNAUTHENTICATED when there is none, UNAVAILABLE when the token can't be verified
 */
export const getViewer = (context: RequestContext): Viewer => {
  const viewer = findViewer(context);
  if (!viewer) throw new ShopError('UNAUTHENTICATED');
  return viewer;
};
