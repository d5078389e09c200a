import { randomUUID } from 'node:crypto';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import type { Outcome } from './proof.ts';

/** Many clients refresh one token concurrently, round after round: each token has one successor. */
export const proveRefreshRace = (options: { rounds: number; width: number }): Promise<Outcome> =>
  withSandbox({ services: ['user'], env: { DATABASE_POOL_SIZE: '20' } }, async (sandbox) => {
    const { rounds, width } = options;
    const account = { email: `${randomUUID()}@example.com`, password: 'correct horse battery' };
    let { refreshToken = '' } = await sandbox.send('register', account);
    let broken = 0;
    for (let round = 0; round < rounds; round += 1) {
      const results = await Promise.all(
        Array.from({ length: width }, () => sandbox.send('refreshSession', { refreshToken })),
      );
      const successors = new Set(results.map((result) => result.refreshToken ?? result.code));
      const [next = ''] = successors;
      if (successors.size !== 1 || next === refreshToken) broken += 1;
      refreshToken = next;
    }
    return {
      held: broken === 0,
      report: `${rounds} rounds of ${width} concurrent refreshes of one token: ${broken} rounds with any other number of successors than one`,
    };
  });
