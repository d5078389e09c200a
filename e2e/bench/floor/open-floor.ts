import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { LOWEST_PRICE } from '../production/customers.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import type { FloorPlan } from './floor-server.ts';
import { makeCopies, readTemplates } from './read-templates.ts';

/** The services that a purchase writes to, in this order. */
export const WRITTEN = ['order', 'product', 'payment'] as const;

/** The hand-written server that the shop is compared with. */
export type Floor = {
  readonly pid: number;
  /** Writes the rows of one purchase. */
  readonly purchase: () => Promise<void>;
  /** Reads a page of 20 products. */
  readonly page: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Runs `work` with a connection of its own. */
export const withClient = async <Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** The ids that the rows of a purchase name: of the order, and of its payment. */
export const findIds = (paymentDatabaseUrl: string, orderId: string): Promise<readonly string[]> =>
  withClient(paymentDatabaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT id FROM payments WHERE order_id = $1',
      [orderId],
    );
    return [orderId, ...rows.map(({ id }) => id)];
  });

const makePlan = async (
  { databaseUrls }: ProductionShop,
  orderId: string,
  connections: number,
): Promise<FloorPlan> => {
  const ids = await findIds(databaseUrls.payment, orderId);
  const databases = [];
  for (const service of WRITTEN) {
    const url = databaseUrls[service];
    const database = await withClient(url, async (client) => {
      const templates = await readTemplates(client, ids);
      await makeCopies(client, templates);
      if (service !== 'product') return { url, templates, products: [] };
      const { rows } = await client.query<{ id: string }>('SELECT id FROM products');
      return { url, templates, products: rows.map(({ id }) => id) };
    });
    databases.push(database);
  }
  return { connections, productUrl: databaseUrls.product, databases };
};

/**
 * Starts the floor's server.
 * @param orderId of a purchase whose work is done: its rows are what the floor writes
 */
export const openFloor = async (
  shop: ProductionShop,
  orderId: string,
  connections: number,
): Promise<Floor> => {
  const plan = await makePlan(shop, orderId, connections);
  const child = fork(path.join(import.meta.dirname, 'floor-server.ts'), { stdio: 'inherit' });
  const answered = once(child, 'message') as Promise<[{ port: number }]>;
  child.send(plan);
  const ended = once(child, 'exit').then(() => {
    throw new Error('the server of the floor has ended');
  });
  ended.catch(() => {});
  const [{ port }] = await Promise.race([answered, ended]);
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const get = async (target: string): Promise<void> => {
    const response = await pool.request({ method: 'GET', path: target });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`the floor: ${text}`);
  };
  return {
    pid: child.pid ?? 0,
    purchase: () => get('/purchase'),
    page: () => get(`/page?min=${Math.floor(Math.random() * LOWEST_PRICE)}`),
    close: async () => {
      await pool.close();
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};
