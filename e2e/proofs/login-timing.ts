import { randomUUID } from 'node:crypto';
import { median } from '../bench/measure.ts';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import type { Outcome } from './proof.ts';

/** The proof is about the rule behind the throttle. */
const NO_THROTTLE = {
  LOGIN_FAILURES_PER_PAIR: '1000000',
  LOGIN_FAILURES_PER_ADDRESS: '1000000',
  LOGIN_FAILURES_PER_ACCOUNT: '1000000',
};

/** How much the medians of two halves of one sample differ: by chance alone. */
const noise = (values: readonly number[]): number => {
  const even = median(values.filter((_, index) => index % 2 === 0));
  const odd = median(values.filter((_, index) => index % 2 === 1));
  return Math.abs(even / odd - 1);
};

/**
 * Signs in with a wrong password, alternately to an account that exists and to one that does not:
 * the results are the same, and the medians differ by no more than twice what chance does, or 3 %.
 */
export const proveLoginTiming = (options: { tries: number }): Promise<Outcome> =>
  withSandbox({ services: ['user'], env: NO_THROTTLE }, async (sandbox) => {
    const known = `${randomUUID()}@example.com`;
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const results = new Set<string>();
    await sandbox.send('register', { email: known, password: 'correct horse battery' });
    for (let turn = 0; turn < options.tries; turn += 1) {
      const kind = turn % 2 === 0 ? 'known' : 'unknown';
      const email = kind === 'known' ? known : `${randomUUID()}@example.com`;
      const startedAt = performance.now();
      const result = await sandbox.send('login', { email, password: 'wrong horse battery' });
      times[kind].push(performance.now() - startedAt);
      results.add(JSON.stringify(result));
    }
    const ratio = median(times.known) / median(times.unknown);
    const bound = Math.max(0.03, 2 * Math.max(noise(times.known), noise(times.unknown)));
    return {
      held: results.size === 1 && Math.abs(ratio - 1) <= bound,
      report: `${options.tries} sign-ins, alternating: ${results.size} different results, median of known to unknown accounts ${ratio.toFixed(3)} (chance on this machine: ${bound.toFixed(3)})`,
    };
  });
