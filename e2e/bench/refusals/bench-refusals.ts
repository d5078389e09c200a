import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Outcome } from '../../proofs/proof.ts';
import { toTable } from '../measure.ts';
import { measureRejections } from './measure-rejections.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { ROOT, withProductionShop } from '../production/open-production-shop.ts';
import { cpuBetween, readCpu } from '../production/process-cpu.ts';
import { makeShopClient } from '../production/shop-client.ts';

/** The most CPU that a router may use for an operation that its manifests do not have, in milliseconds. */
const MAX_MS = 1;

const MANIFEST = path.join(ROOT, 'libs/client/persisted-operations.json');

/** About as much text as an operation of a client has. */
const FIELDS = 'id sku name description price { amount currency } stock category createdAt ';

/** Operations that no manifest has, each another one. */
const REFUSED = {
  'a text': () => ({ query: `query Q { a: product(sku: "${randomUUID()}") { ${FIELDS} } }` }),
  'a text of 8 kB': () => ({
    query: `query Q { a: product(sku: "${randomUUID()}") { ${FIELDS.repeat(100)} } }`,
  }),
  'an id': () => ({
    extensions: {
      persistedQuery: { version: 1, sha256Hash: randomUUID().replaceAll('-', '').repeat(2) },
    },
  }),
};

const refuse = async (client: ReturnType<typeof makeShopClient>, body: object): Promise<void> => {
  const { text } = await client.send('router', 'POST', '/graphql', body);
  if (!/"PERSISTED_QUERY_NOT_(?:ALLOWED|FOUND)"/.test(text)) {
    throw new Error(`not refused: ${text.slice(0, 200)}`);
  }
};

type Row = { readonly name: string; readonly count: number; readonly each: number };

type Options = { readonly clients: number; readonly seconds: number };

/** What a router with SAFELIST=true pays for each kind of operation that it refuses. */
const measureRefusals = (options: Options): Promise<readonly Row[]> => {
  const env = { PERSISTED_OPERATIONS: MANIFEST, SAFELIST: 'true' };
  return withProductionShop({ env }, async (shop) => {
    const client = makeShopClient(shop, options.clients);
    const { router } = shop.pids;
    const measure = async (make: () => object) => {
      const work = () => refuse(client, make());
      await runClosedLoop({ ...options, operations: 1, work });
      const before = readCpu(shop, { router });
      const { latencies } = await runClosedLoop({ ...options, operations: 1, work });
      const { router: ms = 0 } = cpuBetween(before, readCpu(shop, { router }));
      return { count: latencies.length, each: ms / latencies.length };
    };
    try {
      const rows: Row[] = [];
      for (const [name, make] of Object.entries(REFUSED)) {
        rows.push({ name, ...(await measure(make)) });
      }
      return rows;
    } finally {
      await client.close();
    }
  });
};

/** Measures what a router pays for operations that no manifest has, and for a page that it rejects for overload. */
export const benchRefusals = async (options: Options): Promise<Outcome> => {
  const refused = await measureRefusals(options);
  const rows = [
    ...refused,
    { name: 'a page, for overload', ...(await measureRejections(options)) },
  ];
  const table = toTable([
    ['refused', 'requests', 'CPU ms each'],
    ...rows.map(({ name, count, each }) => [name, String(count), each.toFixed(3)]),
  ]);
  const held = rows.every(({ each }) => each < MAX_MS);
  return { held, report: `${table}\n${held ? 'held' : 'BROKEN'}: below ${MAX_MS} ms` };
};
