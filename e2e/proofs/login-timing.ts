import { randomUUID } from 'node:crypto';
import { openUserService } from './open-user-service.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The medians of two halves of one sample: what chance alone does on this machine. */
const noise = (values: readonly number[]): number => {
  const even = median(values.filter((_, index) => index % 2 === 0));
  const odd = median(values.filter((_, index) => index % 2 === 1));
  return Math.abs(even / odd - 1);
};

/**
 * Signs in with a wrong password, in turns to an account that is there and to one that is not:
 * same answer, and the medians differ by no more than chance does, doubled, or 3 %.
 * @returns a sentence with the figures, and whether it held
 */
export const proveLoginTiming = async (options: {
  tries: number;
}): Promise<{ held: boolean; report: string }> => {
  const service = await openUserService();
  const known = `${randomUUID()}@example.com`;
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  const answers = new Set<string>();
  try {
    await service.register(known, 'correct horse battery');
    for (let turn = 0; turn < options.tries; turn += 1) {
      const kind = turn % 2 === 0 ? 'known' : 'unknown';
      const email = kind === 'known' ? known : `${randomUUID()}@example.com`;
      const begun = performance.now();
      answers.add(JSON.stringify(await service.login(email, 'wrong horse battery')));
      times[kind].push(performance.now() - begun);
    }
  } finally {
    await service.close();
  }
  const ratio = median(times.known) / median(times.unknown);
  const bound = Math.max(0.03, 2 * Math.max(noise(times.known), noise(times.unknown)));
  return {
    held: answers.size === 1 && Math.abs(ratio - 1) <= bound,
    report: `${options.tries} interleaved sign-ins: ${answers.size} kind of answer, median of known to unknown accounts ${ratio.toFixed(3)} (chance on this machine: ${bound.toFixed(3)})`,
  };
};
