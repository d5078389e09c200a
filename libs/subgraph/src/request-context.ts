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
  /** True when a bearer token was sent that is not valid: any field that reads the viewer fails. */
  readonly isTokenInvalid: boolean;
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

/** RFC 6750, section 2.1. Other schemes may be meant for a proxy: they are no token of the shop. */
const BEARER = /^Bearer(?: +([\w~+/.=-]+)$|\b)/i;

/** When a client whose token could not be verified may retry. */
const RETRY_AFTER_S = 1;

const ANONYMOUS = { viewer: null, isViewerUnknown: false, isTokenInvalid: false };

/**
 * Reads the viewer of a request. With an invalid token public fields still work (the client of an
 * expired session must be able to sign in again). Fields that read the viewer are UNAUTHENTICATED,
 * `me` too: null would look like a client that has never signed in.
 */
export const readViewer = async (
  authorization: string | undefined,
  verifyToken: TokenVerifier,
  checkSession: SessionCheck,
): Promise<Pick<RequestContext, 'viewer' | 'isViewerUnknown' | 'isTokenInvalid'>> => {
  const [bearer, token] = BEARER.exec(authorization ?? '') ?? [];
  if (bearer === undefined) return ANONYMOUS;
  try {
    const claims = token === undefined ? null : await verifyToken(token);
    const state = claims ? await checkSession(claims) : 'revoked';
    if (!claims || state === 'revoked') return { ...ANONYMOUS, isTokenInvalid: true };
    if (state === 'unknown') return { ...ANONYMOUS, isViewerUnknown: true };
    const { id, role, sessionId } = claims;
    return { ...ANONYMOUS, viewer: { id, role, sessionId } };
  } catch (error) {
    // The keys that verify tokens can't be fetched.
    if (!(error instanceof ShopError && error.code === 'UNAVAILABLE')) throw error;
    return { ...ANONYMOUS, isViewerUnknown: true };
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
 * The viewer of a public field that shows more to a signed-in client; null for a client that sent no
 * access token.
 * @throws ShopError UNAUTHENTICATED when it sent one that is not valid, UNAVAILABLE when the token
 * can't be verified now
 */
export const findViewer = ({
  viewer,
  isViewerUnknown,
  isTokenInvalid,
}: Pick<RequestContext, 'viewer' | 'isViewerUnknown' | 'isTokenInvalid'>): Viewer | null => {
  if (isTokenInvalid) throw new ShopError('UNAUTHENTICATED');
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
