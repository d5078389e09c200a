import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_OPERATIONS } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import { newShopper } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';

const TIMES = 40;

/** The machine may be busy. A successful attack stalls all clients for 25 seconds. */
const SLOWEST_MS = 12_000;

/** The pause of a customer between two pages. */
const PAUSE_MS = 20;

let token: string;

beforeAll(async () => {
  ({ token } = await newShopper());
});

/** Requests pages of products until `signal` is aborted. */
const browse = async (signal: AbortSignal): Promise<{ statuses: Set<number>; times: number[] }> => {
  const statuses = new Set<number>();
  const times: number[] = [];
  do {
    const start = performance.now();
    statuses.add((await rest('GET', '/v1/products?limit=1')).status);
    times.push(performance.now() - start);
    await sleep(PAUSE_MS);
  } while (!signal.aborted);
  return { statuses, times };
};

describe('while a client sends operations that are too large', () => {
  it.each(HOSTILE_OPERATIONS)(
    'another client is served: $what',
    async ({ what, query, variables, code }) => {
      const attack = new AbortController();
      const browsing = browse(attack.signal);
      const refusals = new Set<string>();
      try {
        for (let index = 0; index < TIMES; index += 1) {
          const { status, errors } = await graph(query, variables, { token });
          refusals.add(`${status} ${errors.map(({ extensions }) => extensions.code).join()}`);
        }
      } finally {
        attack.abort();
      }
      const { statuses, times } = await browsing;
      // A body of very many values is refused before it is read.
      const expected = [`400 ${code}`, '413 PAYLOAD_TOO_LARGE'];
      expect(refusals.size).toBe(1);
      expect(expected).toContain([...refusals][0]);
      expect([...statuses]).toEqual([200]);
      const slowest = Math.max(...times);
      console.info(
        `${what}: ${times.length} pages in the meantime, the slowest in ${Math.round(slowest)} ms`,
      );
      expect(slowest).toBeLessThan(SLOWEST_MS);
    },
  );
});

describe('a large operation within the limits', () => {
  it('returns everything that it selects', async () => {
    const query = `{ products(first: 100) {
      nodes { id sku name description price { amount currency } stock category }
      totalCount
      pageInfo { hasNextPage endCursor }
    } }`;
    await newProduct({ stock: 1 });
    const { status, data, errors } = await graph(query);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(data.products.nodes.length).toBeGreaterThan(0);
  });
});
