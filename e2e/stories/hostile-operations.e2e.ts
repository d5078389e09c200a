import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_OPERATIONS } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import { newShopper } from '../testkit/accounts.ts';
import { describeRefusal, HOSTILE_TEXTS } from '../testkit/hostile-texts.ts';
import { newProduct } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';
import { send } from '../testkit/send.ts';

const TIMES = 40;

/**
 * The machine may be busy. A successful attack stalls all clients for 25 seconds. `npm run prove -- attacks`
 * holds the 300 ms.
 */
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

/**
 * Sends a request again and again, while another customer reads pages.
 * @param sendOne returns the status and code of its response
 * @returns each of these once
 */
const attack = async (what: string, sendOne: () => Promise<string>): Promise<string[]> => {
  const ended = new AbortController();
  const browsing = browse(ended.signal);
  const refusals = new Set<string>();
  try {
    for (let index = 0; index < TIMES; index += 1) refusals.add(await sendOne());
  } finally {
    ended.abort();
  }
  const { statuses, times } = await browsing;
  expect([...statuses]).toEqual([200]);
  const slowest = Math.max(...times);
  console.info(
    `${what}: ${times.length} pages in the meantime, the slowest in ${Math.round(slowest)} ms`,
  );
  expect(slowest).toBeLessThan(SLOWEST_MS);
  return [...refusals];
};

describe('while a client sends operations that are too large', () => {
  it.each(HOSTILE_OPERATIONS)(
    'another client is served: $what',
    async ({ what, query, variables, code }) => {
      const refusals = await attack(what, async () => {
        const { status, text } = await graph(query, variables, { token });
        return describeRefusal(status, text);
      });
      // A body of very many values is refused before it is read.
      const expected = [`400 ${code}`, '413 PAYLOAD_TOO_LARGE'];
      expect(refusals).toHaveLength(1);
      expect(expected).toContain(refusals[0]);
    },
  );
});

describe('while a client sends texts that take long to normalize', () => {
  it.each(HOSTILE_TEXTS)(
    'another client is served: $what',
    async ({ what, app, path, body, refused }) => {
      const address = process.env[app === 'router' ? 'E2E_GRAPH_URL' : 'E2E_REST_URL'] ?? '';
      const url = app === 'router' ? address : `${address}${path}`;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const content = JSON.stringify(body);
      const refusals = await attack(what, async () => {
        const { status, text } = await send({ method: 'POST', url, headers, body: content });
        return describeRefusal(status, text);
      });
      expect(refused).toEqual(expect.arrayContaining(refusals));
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
