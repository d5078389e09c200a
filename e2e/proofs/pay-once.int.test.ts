import { expect, it } from 'vitest';
import { provePayOnce } from './pay-once.ts';

/** `PAY_ONCE_SEED=... npm test -- e2e/proofs/pay-once` loses the same responses again. */
const seed = Number(process.env['PAY_ONCE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

it(`50 clients that pay one order concurrently are charged once and get the same response, also when responses are lost (PAY_ONCE_SEED=${seed})`, async () => {
  const { held, report } = await provePayOnce({ rounds: 3, width: 50, seed });
  expect([held, report]).toEqual([true, report]);
}, 300_000);
