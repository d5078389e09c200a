// Not for a remote shop: random requests leave products and accounts behind.
import { expect, it } from 'vitest';
import { checkContract } from '../contract/check-contract.ts';

/** `CONTRACT_SEED=... CONTRACT_REQUESTS=... npm test -- e2e/local/contract` repeats a run, or makes it longer. */
const seed = Number(process.env['CONTRACT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const requests = Number(process.env['CONTRACT_REQUESTS'] ?? 6);

it(`every response is as the OpenAPI document says, and an invalid request changes nothing (CONTRACT_SEED=${seed})`, async () => {
  const { routes, faults, statuses } = await checkContract({ requests, seed });
  expect(faults).toEqual([]);
  expect(routes).toBeGreaterThan(30);
  // Requests that are all refused would show nothing.
  const succeeded = [...statuses.keys()].filter((key) => / [23]\d\d$/.test(key));
  expect(succeeded.length).toBeGreaterThan(15);
});
