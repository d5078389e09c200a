import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOSTILE_OPERATIONS } from '@cartograph/testing';
import { graph } from './testkit/graph.ts';
import { newShopper } from './testkit/people.ts';
import { rest } from './testkit/rest.ts';

const TIMES = 100;

/** Generous: the machine may be busy. An attack that works stalls everybody for 25 seconds. */
const SLOWEST_MS = 12_000;

/** Between one page and the next: a customer is no attack. */
const PAUSE_MS = 20;

let token: string;

beforeAll(async () => {
  ({ token } = await newShopper());
});

/** Asks for a page of products again and again until `signal` says so. */
const browse = async (signal: AbortSignal): Promise<{ statuses: Set<number>; times: number[] }> => {
  const statuses = new Set<number>();
  const times: number[] = [];
  do {
    const begun = performance.now();
    statuses.add((await rest('GET', '/v1/products?limit=1')).status);
    times.push(performance.now() - begun);
    await sleep(PAUSE_MS);
  } while (!signal.aborted);
  return { statuses, times };
};

describe('while a client sends operations that ask for too much', () => {
  it.each(HOSTILE_OPERATIONS)(
    'another is answered: $what',
    async ({ what, query, variables, code }) => {
      const attack = new AbortController();
      const browsing = browse(attack.signal);
      const answers = new Set<string>();
      try {
        for (let index = 0; index < TIMES; index += 1) {
          const { status, errors } = await graph(query, variables, { token });
          answers.add(`${status} ${errors.map(({ extensions }) => extensions.code).join()}`);
        }
      } finally {
        attack.abort();
      }
      const { statuses, times } = await browsing;
      // A body of very many values is refused before it is read.
      const refusals = [`400 ${code}`, '413 PAYLOAD_TOO_LARGE'];
      expect(answers.size).toBe(1);
      expect(refusals).toContain([...answers][0]);
      expect([...statuses]).toEqual([200]);
      const slowest = Math.max(...times);
      console.info(
        `${what}: ${times.length} pages meanwhile, the slowest in ${Math.round(slowest)} ms`,
      );
      expect(slowest).toBeLessThan(SLOWEST_MS);
    },
  );
});

describe('an operation that asks for much, within the limits', () => {
  it('is answered whole', async () => {
    const query = `{ products(first: 100) {
      nodes { id sku name description price { amount currency } stock category }
      totalCount
      pageInfo { hasNextPage endCursor }
    } }`;
    const { status, data, errors } = await graph(query);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(data.products.nodes.length).toBeGreaterThan(0);
  });
});
