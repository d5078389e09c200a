import type { Caller, TokenVerifier, Viewer } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { Logger } from '@cartograph/logging';
import type { FastifyRequest } from 'fastify';

/** What every request to a subgraph carries, whatever the service. */
export type RequestContext = {
  /** Who the request is for, as its access token says; null when nobody is signed in. */
  readonly viewer: Viewer | null;
  /** Which process sent it: the router for a client, a sister service for itself. */
  readonly caller: Caller;
  readonly log: Logger;
  /** The client behind the router: what it calls itself, and where it is. Null when not told. */
  readonly client: { readonly device: string | null; readonly address: string | null };
};

/** What a process knows about sessions that an access token can't say: whether one has ended. */
export type SessionCheck = (sessionId: string) => Promise<boolean>;

const BEARER = /^Bearer +([\w~+/.=-]+)$/i;

/**
 * Reads the viewer of a request. A token that is not valid counts as none: public fields still
 * answer (an expired session must be able to sign in again), protected ones say UNAUTHENTICATED.
 */
export const readViewer = async (
  authorization: string | undefined,
  verifyToken: TokenVerifier,
  isActive: SessionCheck,
): Promise<Viewer | null> => {
  const token = BEARER.exec(authorization ?? '')?.[1];
  const viewer = token === undefined ? null : await verifyToken(token);
  return viewer && (await isActive(viewer.sessionId)) ? viewer : null;
};

const readHeader = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Builds the context of one request. The caller was proved before any GraphQL ran. */
export const makeRequestContext = async (
  request: FastifyRequest,
  verifyToken: TokenVerifier,
  isActive: SessionCheck,
): Promise<RequestContext> => {
  const caller = request.caller;
  if (!caller) throw new Error('a request reached GraphQL without a proven caller');
  return {
    viewer: await readViewer(request.headers.authorization, verifyToken, isActive),
    caller,
    log: request.log as Logger,
    client: {
      device: readHeader(request.headers['x-client-device']),
      address: readHeader(request.headers['x-client-address']),
    },
  };
};

/**
 * The viewer of a field whose rule demands one.
 * @throws ShopError UNAUTHENTICATED when there is none
 */
export const getViewer = ({ viewer }: RequestContext): Viewer => {
  if (!viewer) throw new ShopError('UNAUTHENTICATED');
  return viewer;
};
