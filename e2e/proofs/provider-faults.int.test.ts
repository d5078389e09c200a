import { expect, it } from 'vitest';
import { proveProviderFaults } from './provider-faults.ts';

/** `FAULTS_SEED=... npm test -- e2e/proofs/provider-faults` repeats the same run. */
const seed = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

it(`webhooks that arrive five times, in any order, too late or never lead to the same ledger (FAULTS_SEED=${seed})`, async () => {
  const { faults } = await proveProviderFaults({ orders: 24, seed });
  expect(faults).toEqual([]);
}, 300_000);
