import pg from 'pg';
import { findIds, withClient, WRITTEN } from '../floor/open-floor.ts';
import { readTemplates } from '../floor/read-templates.ts';
import type { RowTemplate } from '../floor/row-template.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import { type IdExpressions, multiplyRows } from './multiply-rows.ts';

/** How many orders each customer has. */
const ORDERS_PER_CUSTOMER = 100;

/** What the sample purchase names, and what its copies name instead. */
export type Filling = {
  /** A purchase whose work is done. */
  readonly orderId: string;
  readonly userId: string;
  /** The two products of the sample. */
  readonly basket: readonly string[];
  /** Products that the copies are of. */
  readonly products: readonly string[];
  readonly orders: number;
};

/** The user of the sample has as many orders as each of the others. */
const expressionsOf = ({ userId, basket, products, orders }: Filling): IdExpressions => {
  const customers = Math.max(1, Math.round(orders / ORDERS_PER_CUSTOMER));
  const user = pg.escapeLiteral(userId);
  const list = `(ARRAY[${products.map((id) => pg.escapeLiteral(id)).join(', ')}])`;
  const half = Math.floor(products.length / 2);
  return new Map([
    [
      userId,
      `CASE WHEN i % ${customers} = 0 THEN ${user}
       ELSE md5((i % ${customers})::text)::uuid::text END`,
    ],
    // The two products of a copy differ.
    ...basket.map((id, place): [string, string] => [
      id,
      `${list}[1 + ${place * half} + (i % ${half})::int]`,
    ]),
  ]);
};

const readTypes = async (client: pg.Client, { table, columns }: RowTemplate) => {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type
     FROM pg_attribute WHERE attrelid = $1::regclass`,
    [`public.${table}`],
  );
  return columns.map(({ name }) => rows.find((row) => row.name === name)?.type ?? 'text');
};

/**
 * Copies the rows that one purchase left in the order, product and payment database, for other orders
 * and customers. Stock stays as it is.
 */
export const fillOrders = async (shop: ProductionShop, filling: Filling): Promise<void> => {
  const ids = await findIds(shop.databaseUrls.payment, filling.orderId);
  const expressions = expressionsOf(filling);
  const fill = (service: (typeof WRITTEN)[number]) =>
    withClient(shop.databaseUrls[service], async (client) => {
      // Foreign keys hold by construction; checking each would take most of the time.
      await client.query('SET session_replication_role = replica');
      for (const template of await readTemplates(client, ids)) {
        const types = await readTypes(client, template);
        await client.query(multiplyRows(template, types, expressions), [filling.orders]);
      }
      await client.query('RESET session_replication_role');
      await client.query('VACUUM (ANALYZE)');
    });
  for (const service of WRITTEN) await fill(service);
};
