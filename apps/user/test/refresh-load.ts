import type { TokenVerifier } from '@cartograph/auth';
import type { UserService } from './open-user.ts';

const SESSIONS = 3;

const read = <Content>(token: string, part: 0 | 1): Content =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()) as Content;

/** The id of the key that a token says it is signed with. */
export const kidOf = (token: string): string => read<{ kid: string }>(token, 0).kid;

type Issued = { readonly token: string; readonly good: number };

/** Refreshes sessions for as long as it runs, and verifies every token at once and until its end. */
export const startRefreshLoad = async (service: UserService, verify: TokenVerifier) => {
  const counts = {
    tokens: 0,
    verified: 0,
    refused: 0,
    unknownToItself: 0,
    kids: new Set<string>(),
  };
  let alive: Issued[] = [];
  let isOver = false;
  const check = async (token: string) => {
    counts.verified += 1;
    if ((await verify(token)) === null) counts.refused += 1;
  };
  const refreshOn = async (email: string): Promise<void> => {
    let session = await service.register(email);
    while (!isOver) {
      session = await service.refresh(session.refreshToken);
      const { accessToken: token } = session;
      counts.tokens += 1;
      counts.kids.add(kidOf(token));
      await check(token);
      if ((await service.whoIs(session)) !== email) counts.unknownToItself += 1;
      // By the token's own end, whatever tolerance there is after it.
      const { exp } = read<{ exp: number }>(token, 1);
      alive.push({ token, good: exp * 1000 });
    }
  };
  const checkAgain = async (): Promise<void> => {
    while (!isOver) {
      alive = alive.filter(({ good }) => good > Date.now() + 20);
      for (const { token } of alive.slice()) await check(token);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const emails = Array.from({ length: SESSIONS }, (_, index) => `load-${index}@example.com`);
  const all = Promise.all([...emails.map(refreshOn), checkAgain()]);
  return {
    counts,
    stop: async () => {
      isOver = true;
      await all;
    },
  };
};
