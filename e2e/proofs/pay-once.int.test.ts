import { expect, it } from '@jest/globals';
import { provePayOnce } from './pay-once.ts';

/** `PAY_ONCE_SEED=... npm test -- e2e/proofs/pay-once` loses the same answers again. */
const seed = process.env['PAY_ONCE_SEED'] ?? String(Math.floor(Math.random() * 2 ** 31));

it(`50 clients who pay one order at once are charged once and told the same, whoever's answer gets lost (PAY_ONCE_SEED=${seed})`, async () => {
  const { held, report } = await provePayOnce({ rounds: 3, width: 50, seed });
  expect([held, report]).toEqual([true, report]);
}, 300_000);
