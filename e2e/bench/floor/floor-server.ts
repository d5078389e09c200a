/**
 * The least that a purchase and a page can cost on this machine: bare node:http and `pg`, no rules. A
 * purchase writes its rows in one transaction of each database, a page is one query. It is a child
 * process of `npm run bench -- shop`, which sends it a FloorPlan and receives its port.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { v7 as makeId } from 'uuid';
import { chooseBasket } from '../production/buy.ts';
import { insertOf, makeIdMap, parametersOf, type RowTemplate } from './row-template.ts';

/** What the server does. */
export type FloorPlan = {
  readonly connections: number;
  readonly productUrl: string;
  /** In the order in which they are written. */
  readonly databases: readonly {
    readonly url: string;
    readonly templates: readonly RowTemplate[];
    /** Of two of these a unit is sold; none in the other databases. */
    readonly products: readonly string[];
  }[];
};

// Rows are locked in one order: two purchases of the same products wait, and no deadlock is resolved.
const SELL = `
WITH locked AS (SELECT id FROM products WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE)
UPDATE products SET stock = stock - 1 FROM locked WHERE products.id = locked.id AND stock >= 1`;

const PAGE = `
SELECT id, sku, name, description, price_cents, currency, stock, category, image_url, version,
  created_at, updated_at
FROM products WHERE archived_at IS NULL AND price_cents >= $1 ORDER BY position DESC LIMIT 21`;

const PAGE_SIZE = 20;

const makePurchase = ({ databases, connections }: FloorPlan) => {
  let made = 0;
  const targets = databases.map(({ url, templates, products }) => ({
    pool: new pg.Pool({ connectionString: url, max: connections }),
    inserts: templates.map((template) => ({ template, text: insertOf(template) })),
    products,
  }));
  return async (): Promise<void> => {
    const mapIds = makeIdMap(makeId);
    const suffix = `-${(made += 1)}`;
    for (const { pool, inserts, products } of targets) {
      const connection = await pool.connect();
      try {
        await connection.query('BEGIN');
        if (products.length > 0) {
          await connection.query({ name: 'sell', text: SELL, values: [chooseBasket(products)] });
        }
        for (const { template, text } of inserts) {
          const values = parametersOf(template, mapIds, suffix);
          await connection.query({ name: template.table, text, values });
        }
        await connection.query('COMMIT');
        connection.release();
      } catch (error) {
        connection.release(true);
        throw error;
      }
    }
  };
};

const makePage = ({ productUrl, connections }: FloorPlan) => {
  const pool = new pg.Pool({ connectionString: productUrl, max: connections });
  return async (minPrice: string): Promise<object> => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'page',
      text: PAGE,
      values: [minPrice],
    });
    const nodes = rows.slice(0, PAGE_SIZE);
    const pageInfo = { endCursor: nodes.at(-1)?.id, hasNextPage: rows.length > PAGE_SIZE };
    return { data: { products: { nodes, pageInfo } } };
  };
};

const serve = async (plan: FloorPlan): Promise<number> => {
  const [purchase, page] = [makePurchase(plan), makePage(plan)];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const done =
      pathname === '/purchase'
        ? purchase().then(() => ({ status: 'CONFIRMED' }))
        : page(searchParams.get('min') ?? '0');
    done.then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error: Error) => response.writeHead(500).end(String(error.stack)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

process.on('disconnect', () => process.exit());
process.once('message', (plan: FloorPlan) => {
  void serve(plan).then((port) => process.send?.({ port }));
});
