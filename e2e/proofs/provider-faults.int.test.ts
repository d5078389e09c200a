import { expect, it } from '@jest/globals';
import { proveProviderFaults } from './provider-faults.ts';

/** `FAULTS_SEED=... npm test -- e2e/proofs/provider-faults` runs the same again. */
const seed = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

it(`news of the provider that come five times, in any order, too late or never lead to the same books (FAULTS_SEED=${seed})`, async () => {
  const { faults } = await proveProviderFaults({ orders: 24, seed });
  expect(faults).toEqual([]);
}, 300_000);
