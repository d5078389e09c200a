import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../proofs/proof.ts';
import { withClient } from '../floor/open-floor.ts';
import { compare, toTable } from '../measure.ts';
import { buy, chooseBasket } from '../production/buy.ts';
import { type Customer, registerCustomers } from '../production/customers.ts';
import { type ProductionShop, withProductionShop } from '../production/open-production-shop.ts';
import { makeShopClient } from '../production/shop-client.ts';
import { ME, PAGE } from '../shop/operations.ts';
import { explainSweepers } from './due-plans.ts';
import { fillOrders } from './fill-orders.ts';

/** An operation of the large shop may take this many times as long as of the small one. */
const MAX_RATIO = 1.5;

/** Products that are bought; all others are only browsed. */
const SOLD_PRODUCTS = 1_000;

/** A purchase is over when nothing of it is due and its events are published. */
const SETTLE_MS = 25_000;

type GrowthOptions = { readonly small: number; readonly large: number; readonly rounds: number };

type Operations = Readonly<
  Record<'page of 20' | 'own orders' | 'purchase', () => Promise<unknown>>
>;

/** Gives some products enough stock. @returns their ids */
const stockProducts = (url: string): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `UPDATE products SET stock = 1000000
       WHERE position IN (SELECT position FROM products ORDER BY position LIMIT $1) RETURNING id`,
      [SOLD_PRODUCTS],
    );
    return rows.map(({ id }) => id);
  });

const userIdOf = (shop: ProductionShop, { email }: Customer): Promise<string> =>
  withClient(shop.databaseUrls.user, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM users WHERE email = $1', [
      email,
    ]);
    if (!rows[0]) throw new Error('the customer was not registered');
    return rows[0].id;
  });

/** Fills a shop with as many products as orders. @returns what is measured */
const prepare = async (shop: ProductionShop, count: number): Promise<Operations> => {
  // Imported when the generated clients are there.
  const { fillCatalogue } =
    await import('../../../apps/product/src/commands/generate-catalogue.ts');
  const startedAt = performance.now();
  await fillCatalogue({ databaseUrl: shop.databaseUrls.product, count });
  const products = await stockProducts(shop.databaseUrls.product);
  const client = makeShopClient(shop, 1);
  const [customer] = await registerCustomers(client, 1);
  if (!customer) throw new Error('the customer was not registered');
  const basket = chooseBasket(products);
  const orderId = await buy(client, customer, basket);
  await sleep(SETTLE_MS);
  const userId = await userIdOf(shop, customer);
  await fillOrders(shop, { orderId, userId, basket, products, orders: count });
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${count} products and ${count} orders made in ${seconds.toFixed(0)} s`);

  let minPrice = 0;
  const { token } = customer;
  return {
    'page of 20': () => client.graph(PAGE, { filter: { minPrice: (minPrice += 1) % 100 } }),
    'own orders': () => client.graph(ME, {}, { token }),
    purchase: () => buy(client, customer, chooseBasket(products)),
  };
};

const measure = async (
  [small, large]: readonly [ProductionShop, ProductionShop],
  options: GrowthOptions,
): Promise<Outcome> => {
  const few = await prepare(small, options.small);
  const many = await prepare(large, options.large);
  const rows = [['', `${options.small}`, `${options.large}`, 'ratio']];
  const slow: string[] = [];
  for (const name of Object.keys(few) as (keyof Operations)[]) {
    const [one, other] = await compare(options.rounds, [few[name], many[name]]);
    const ratio = other / one;
    if (ratio > MAX_RATIO) slow.push(name);
    rows.push([name, `${one.toFixed(2)} ms`, `${other.toFixed(2)} ms`, ratio.toFixed(2)]);
  }
  const plans = await explainSweepers(large);
  const unused = plans.filter(({ usesIndex }) => !usesIndex).map(({ table }) => table);
  const lines = [
    slow.length === 0
      ? `held:   no operation takes more than ${MAX_RATIO} times as long`
      : `BROKEN: more than ${MAX_RATIO} times as long: ${slow.join('; ')}`,
    plans.length > 0 && unused.length === 0
      ? `held:   due rows are found by an index: ${plans.map(({ index }) => index).join(', ')}`
      : `BROKEN: due rows are not found by an index: ${unused.join(', ') || 'there is none'}`,
  ];
  return {
    held: lines.every((line) => line.startsWith('held')),
    report: `${toTable(rows)}\n\n${lines.join('\n')}`,
  };
};

/**
 * Compares a shop of many products and orders with one of few, in requests that alternate.
 * @returns medians; it held when nothing takes more than 1.5 times as long
 */
export const benchGrowth = (options: GrowthOptions): Promise<Outcome> => {
  const env = { LOG_LEVEL: 'warn' };
  return withProductionShop({ env }, (small) =>
    withProductionShop({ env }, (large) => measure([small, large], options)),
  );
};
