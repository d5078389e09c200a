import { expect, it } from 'vitest';
import { proveNoOversell } from './oversell.ts';

/** `OVERSELL_SEED=... npm test -- e2e/proofs/oversell` repeats the same rounds. */
const seed = Number(process.env['OVERSELL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

it(`200 concurrent buyers of 50 units get exactly 50, with one or several products in a basket (OVERSELL_SEED=${seed})`, async () => {
  const { faults } = await proveNoOversell({ rounds: 2, buyers: 200, units: 50, seed });
  expect(faults).toEqual([]);
}, 300_000);
