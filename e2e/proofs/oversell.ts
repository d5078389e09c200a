import { makeRandom, type Random } from '../../apps/product/src/commands/random.ts';
import { median } from '../bench/measure.ts';
import type { Person } from '../sandbox/client.ts';
import { findImbalances, readProducts } from '../sandbox/ledger.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import type { Result } from '../sandbox/operations.ts';
import { trySendUntilServed } from '../sandbox/send-until-served.ts';
import { toOutcome } from './proof.ts';

type Size = { readonly buyers: number; readonly units: number };

type Basket = readonly { readonly productId: string; readonly quantity: 1 }[];

const shuffle = <Value>(random: Random, values: readonly Value[]): Value[] =>
  values
    .map((value) => ({ value, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);

/**
 * The baskets of a round, one unit a line. For each product there are as many baskets with that
 * product alone as there are units, so that all units are sold in any order of the buyers; the others
 * contain several products, in any order, and get all or nothing.
 */
const fillBaskets = (random: Random, products: readonly string[], size: Size): Basket[] => {
  const toLine = (productId: string) => ({ productId, quantity: 1 as const });
  const single = products.flatMap((id) => Array.from({ length: size.units }, () => [toLine(id)]));
  const mixed = Array.from({ length: size.buyers - single.length }, () => {
    const lines = shuffle(random, products).map(toLine);
    return lines.slice(0, products.length > 2 ? 2 + random.below(products.length - 1) : 2);
  });
  return shuffle(random, [...single, ...mixed]);
};

const findFault = (result: Result | string): string | null => {
  if (typeof result === 'string') return `a buyer got ${result}`;
  if (result.__typename === 'Order') return null;
  if (result.code !== 'OUT_OF_STOCK') return `a buyer got ${result.code}`;
  const isLeft = result.shortages?.some(({ available }) => available !== 0);
  return isLeft ? 'a buyer was refused units that were available' : null;
};

const runRound = async (
  sandbox: Sandbox,
  people: readonly Person[],
  random: Random,
  size: Size,
) => {
  const count = 1 + random.below(Math.min(3, Math.floor(size.buyers / size.units)));
  const products = await Promise.all(
    Array.from({ length: count }, () => sandbox.addProduct({ stock: size.units })),
  );
  const baskets = fillBaskets(random, products, size);
  const start = performance.now();
  const bought = await Promise.all(
    baskets.map((items, index) =>
      trySendUntilServed(people[index] as Person, 'createOrder', { items }),
    ),
  );
  const ms = performance.now() - start;

  const orders = bought.flatMap(({ result }) =>
    typeof result !== 'string' && result.__typename === 'Order' ? [result] : [],
  );
  const items = orders.flatMap((order) => order.items);
  const entries = await readProducts(sandbox, products);
  const faults = [...bought.flatMap(({ result }) => findFault(result) ?? [])];
  for (const { id, stock, held, sold } of entries) {
    const ordered = items
      .filter(({ product }) => product.id === id)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    if (stock !== 0 || held + sold !== size.units || ordered !== size.units) {
      faults.push(`of ${size.units} units: ${stock} left, ${held} held, ${ordered} in orders`);
    }
  }
  faults.push(...findImbalances(entries));
  const repeats = bought.reduce((sum, { tries }) => sum + tries - 1, 0);
  return { faults, ms, orders: orders.length, repeats };
};

/** How many deadlocks Postgres has resolved in the databases of the sandbox. */
const countDeadlocks = async ({ databases }: Sandbox): Promise<number> => {
  const counts = Object.values(databases).map((database) =>
    database.query<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    ),
  );
  return (await Promise.all(counts)).flat().reduce((sum, { deadlocks }) => sum + deadlocks, 0);
};

/**
 * Many concurrent buyers of few units, round after round: baskets of one product, and of several in
 * any order. All units are sold and no more, and a buyer gets either an order or OUT_OF_STOCK; on a
 * machine too slow for all of them, some have to repeat their request.
 */
export const proveNoOversell = (
  options: Size & { readonly rounds: number; readonly seed: number },
) => {
  const { rounds, seed, buyers, units } = options;
  if (buyers < units) throw new Error('fewer buyers than units prove nothing');
  return withSandbox({}, async (sandbox) => {
    const people = Array.from({ length: buyers }, () => sandbox.signIn());
    const faults: string[] = [];
    const times: number[] = [];
    let orders = 0;
    let repeats = 0;
    for (let round = 0; round < rounds; round += 1) {
      const done = await runRound(sandbox, people, makeRandom(seed, round), options);
      for (const fault of done.faults) {
        faults.push(`round ${round + 1}: ${fault}`);
        console.log(faults.at(-1));
      }
      if ((round + 1) % 50 === 0) console.log(`${round + 1} rounds done`);
      times.push(done.ms);
      orders += done.orders;
      repeats += done.repeats;
    }
    faults.push(...findImbalances(await readProducts(sandbox)));
    const deadlocks = await countDeadlocks(sandbox);
    if (deadlocks > 0) faults.push(`${deadlocks} deadlocks`);
    return toOutcome(
      `${rounds} rounds of ${buyers} buyers for ${units} units of each product (seed ${seed}): ${orders} orders, ${repeats} requests repeated, ${deadlocks} deadlocks; a round took ${median(times).toFixed(0)} ms (median), ${Math.max(...times).toFixed(0)} ms at most`,
      faults,
    );
  });
};
