import { expect, it } from 'vitest';
import { proveModel } from './prove-model.ts';

/** `MODEL_SEED=... MODEL_PATH=... npm test -- e2e/proofs/model` repeats a run; MODEL_RUNS makes it longer. */
const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env['MODEL_PATH'];
const runs = Number(process.env['MODEL_RUNS'] ?? 8);

it(
  `the shop is in the state of a plain model after random commands of customers, administrators, the provider and time (MODEL_SEED=${seed})`,
  async () => {
    const { held, report } = await proveModel({ runs, seed, path });
    expect(held ? '' : report).toBe('');
  },
  Math.max(300_000, runs * 10_000),
);
