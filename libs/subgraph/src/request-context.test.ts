import { describe, expect, it } from 'vitest';
import type { AccessTokenClaims } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { makeLogger } from '@cartograph/logging';
import type { SessionState } from '@cartograph/sessions';
import { findViewer, getViewer, readViewer, type RequestContext } from './request-context.ts';

const claims: AccessTokenClaims = {
  id: 'ada',
  role: 'ADMIN',
  sessionId: 'one',
  issuedAt: new Date(),
};
const VIEWER = { id: 'ada', role: 'ADMIN', sessionId: 'one' };

const read = (
  authorization: string | undefined,
  verify: () => Promise<AccessTokenClaims | null> = async () => claims,
  state: SessionState = 'live',
) => readViewer(authorization, verify, async () => state);

describe('the viewer of a request', () => {
  it('is the subject of a valid token with a live session', async () => {
    const known = { viewer: VIEWER, isViewerUnknown: false, isTokenInvalid: false };
    expect(await read('Bearer a.b.c')).toEqual(known);
    expect(await read('bearer  a.b-c_d~e+f/g==')).toEqual(known);
  });

  const anonymous = { viewer: null, isViewerUnknown: false, isTokenInvalid: false };
  const refused = { ...anonymous, isTokenInvalid: true };

  it('is null without a token', async () => {
    for (const header of [undefined, '', 'Basic a', 'a.b.c', 'xBearer a', 'Bearers a']) {
      expect(await read(header)).toEqual(anonymous);
    }
    expect(await read(undefined, undefined, 'unknown')).toEqual(anonymous);
  });

  it('is null with an invalid token, and after the session was revoked', async () => {
    for (const header of ['Bearer', 'bearer ', 'Bearer a b', 'Bearer ä', 'Bearer a\n']) {
      expect(await read(header)).toEqual(refused);
    }
    expect(await read('Bearer a', async () => null)).toEqual(refused);
    expect(await read('Bearer a', undefined, 'revoked')).toEqual(refused);
    expect(await read('Bearer a', async () => null, 'unknown')).toEqual(refused);
  });

  it('is unknown when the session or the keys are', async () => {
    const unknown = { ...anonymous, isViewerUnknown: true };
    expect(await read('Bearer a', undefined, 'unknown')).toEqual(unknown);
    const noKeys = () => Promise.reject(new ShopError('UNAVAILABLE'));
    expect(await read('Bearer a', noKeys)).toEqual(unknown);
  });

  it('does not hide a bug', async () => {
    const bug = () => Promise.reject(new Error('a bug'));
    await expect(read('Bearer a', bug)).rejects.toThrow('a bug');
    const other = () => Promise.reject(new ShopError('INTERNAL'));
    await expect(read('Bearer a', other)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a resolver that needs a viewer', () => {
  const contextOf = (
    viewer: RequestContext['viewer'],
    isViewerUnknown = false,
    isTokenInvalid = false,
  ): RequestContext => ({
    viewer,
    isViewerUnknown,
    isTokenInvalid,
    caller: 'router',
    log: makeLogger({ name: 'test', level: 'silent' }),
    signal: null,
    client: { device: null, address: null },
  });
  const { issuedAt: _, ...viewer } = claims;
  const unavailable = expect.objectContaining({ code: 'UNAVAILABLE', retryAfterSeconds: 1 });

  it('gets it, or the reason why there is none', () => {
    expect(getViewer(contextOf(viewer))).toEqual(VIEWER);
    expect(() => getViewer(contextOf(null))).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    );
    expect(() => getViewer(contextOf(null, true))).toThrow(unavailable);
  });

  it('may do without one, but not when the token can not be verified', () => {
    expect(findViewer(contextOf(viewer))).toEqual(VIEWER);
    expect(findViewer(contextOf(null))).toBeNull();
    expect(() => findViewer(contextOf(null, true))).toThrow(unavailable);
    expect(() => findViewer(contextOf(null, false, true))).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    );
  });
});
