import { inParallel } from './in-parallel.ts';
import { notedSessions } from './made.ts';
import { rest } from './rest.ts';

/** Ends every session that this process, or this file of tests, has opened. */
export const signOutAll = (): Promise<void> =>
  inParallel(notedSessions(), (refreshToken) =>
    rest('POST', '/v1/auth/logout', { body: { refresh_token: refreshToken } }),
  );
