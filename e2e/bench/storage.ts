import pg from 'pg';
import { SERVICES, type ServiceName } from '../../tools/services.ts';
import type { Outcome } from '../proofs/proof.ts';
import { toTable } from './measure.ts';
import { buy, chooseBasket } from './production/buy.ts';
import { runClosedLoop } from './production/closed-loop.ts';
import { addProducts, registerCustomers } from './production/customers.ts';
import { type ProductionShop, withProductionShop } from './production/open-production-shop.ts';
import { makeShopClient } from './production/shop-client.ts';

const PRODUCTS = 100;

const ORDERS_PER_DAY = 1_000_000;

/** Bytes by table, as `service table`, with indexes. */
type Sizes = Readonly<Record<string, number>>;

const query = async <Row extends object>(
  { databaseUrls }: ProductionShop,
  service: ServiceName,
  sql: string,
): Promise<Row[]> => {
  const client = new pg.Client(databaseUrls[service]);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};

/** The sizes of all tables without the versions of rows that vacuum frees. */
const readSizes = async (shop: ProductionShop): Promise<Sizes> => {
  const sizes: [string, number][] = [];
  for (const service of SERVICES) {
    await query(shop, service, 'VACUUM FULL');
    const rows = await query<{ name: string; bytes: number }>(
      shop,
      service,
      `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    for (const { name, bytes } of rows) sizes.push([`${service} ${name}`, bytes]);
  }
  return Object.fromEntries(sizes);
};

/** How many bytes of log the server has written so far, for all databases together. */
const readLog = async (shop: ProductionShop): Promise<number> => {
  const [row] = await query<{ bytes: number }>(
    shop,
    'order',
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS bytes`,
  );
  return row?.bytes ?? 0;
};

/** The open connections of the services to their databases. */
const readConnections = async (shop: ProductionShop): Promise<readonly (readonly string[])[]> => {
  const { rows } = await shop.admin.query<{ name: string; count: number }>(
    `SELECT datname AS name, count(*)::int AS count FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND datname LIKE 'cartograph_%' GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ name, count }) => [name, String(count)]);
};

const perDay = (bytes: number): string => ((bytes * ORDERS_PER_DAY) / 1e9).toFixed(2);

/**
 * Measures what is stored of a purchase of two lines: bytes of each table, bytes of the log of
 * Postgres, and the connections that one process of each service has opened under load.
 */
export const benchStorage = (options: {
  readonly orders: number;
  readonly clients: number;
}): Promise<Outcome> =>
  withProductionShop({}, async (shop) => {
    const client = makeShopClient(shop, options.clients);
    try {
      const products = await addProducts(shop, client, PRODUCTS);
      const customers = await registerCustomers(client, options.clients);
      const before = await readSizes(shop);
      const logBefore = await readLog(shop);
      const { latencies } = await runClosedLoop({
        clients: options.clients,
        seconds: 0,
        operations: options.orders,
        work: (index) => {
          const customer = customers[index];
          if (!customer) throw new Error('a client has no customer');
          return buy(client, customer, chooseBasket(products));
        },
      });
      const connections = await readConnections(shop);
      const log = ((await readLog(shop)) - logBefore) / latencies.length;
      const after = await readSizes(shop);
      const grown = Object.entries(after)
        .map(
          ([table, bytes]) => [table, (bytes - (before[table] ?? 0)) / latencies.length] as const,
        )
        .filter(([, bytes]) => bytes >= 1)
        .toSorted(([, one], [, other]) => other - one);
      const sum = grown.reduce((total, [, bytes]) => total + bytes, 0);
      const size = (name: string, bytes: number) => [name, bytes.toFixed(0), perDay(bytes)];
      const sizes = toTable([
        [`${latencies.length} purchases`, 'bytes of each', 'GB of a million'],
        ...grown.map(([table, bytes]) => size(table, bytes)),
        size('all tables', sum),
        size('log of Postgres', log),
      ]);
      const open = toTable([['database', 'connections'], ...connections]);
      return { held: true, report: `${sizes}\n\n${open}` };
    } finally {
      await client.close();
    }
  });
