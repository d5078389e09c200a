import { randomUUID } from 'node:crypto';
import { openUserService } from './open-user-service.ts';

/**
 * Many clients refresh one token at once, round after round: each token has one successor.
 * @returns a sentence with the figures, and whether it held
 */
export const proveRefreshRace = async (options: {
  rounds: number;
  width: number;
}): Promise<{ held: boolean; report: string }> => {
  const { rounds, width } = options;
  const service = await openUserService({ DATABASE_POOL_SIZE: '20' });
  try {
    const first = await service.register(`${randomUUID()}@example.com`, 'correct horse battery');
    let token = first.refreshToken ?? '';
    let broken = 0;
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: width }, () => service.refresh(token)),
      );
      const successors = new Set(answers.map((answer) => answer.refreshToken ?? answer.code));
      const [next] = successors;
      if (successors.size !== 1 || next === token) broken += 1;
      token = next ?? '';
    }
    return {
      held: broken === 0,
      report: `${rounds} rounds of ${width} concurrent refreshes of one token: ${broken} rounds with another number of successors than one`,
    };
  } finally {
    await service.close();
  }
};
