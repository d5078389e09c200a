import type { TokenVerifier } from '@cartograph/auth';
import { decodeToken, type UserService } from './open-user.ts';

const SESSIONS = 3;

type Issued = { readonly token: string; readonly expiresAt: number };

/** Refreshes sessions until it is stopped, and verifies every token repeatedly until it expires. */
export const startRefreshLoad = async (service: UserService, verify: TokenVerifier) => {
  const counts = {
    tokens: 0,
    verified: 0,
    refused: 0,
    refusedByService: 0,
    kids: new Set<string>(),
  };
  let unexpired: Issued[] = [];
  let isStopped = false;
  const check = async (token: string) => {
    counts.verified += 1;
    if ((await verify(token)) === null) counts.refused += 1;
  };
  const refreshUntilStopped = async (email: string): Promise<void> => {
    let session = await service.register(email);
    while (!isStopped) {
      session = await service.refresh(session.refreshToken);
      const { accessToken: token } = session;
      counts.tokens += 1;
      counts.kids.add(decodeToken(token).kid);
      await check(token);
      if ((await service.whoIs(session)) !== email) counts.refusedByService += 1;
      // Verifiers accept it a little longer, because of the clock skew.
      unexpired.push({ token, expiresAt: decodeToken(token).exp * 1000 });
    }
  };
  const checkAgain = async (): Promise<void> => {
    while (!isStopped) {
      unexpired = unexpired.filter(({ expiresAt }) => expiresAt > Date.now() + 20);
      for (const { token } of unexpired.slice()) await check(token);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const emails = Array.from({ length: SESSIONS }, (_, index) => `load-${index}@example.com`);
  const all = Promise.all([...emails.map(refreshUntilStopped), checkAgain()]);
  return {
    counts,
    stop: async () => {
      isStopped = true;
      await all;
    },
  };
};
