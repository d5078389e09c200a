import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeRandom, type Random } from '../../apps/product/src/commands/random.ts';
import { countDeadlocks, findImbalances, readUnits } from './shop/find-imbalances.ts';
import { AnswerError, openShop, type Person, type Result, type Shop } from './shop/open-shop.ts';
import { withPostgres } from './shop/with-postgres.ts';

type Basket = readonly { readonly productId: string; readonly quantity: 1 }[];

const shuffle = <Value>(random: Random, values: readonly Value[]): Value[] =>
  values
    .map((value) => ({ value, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);

/**
 * What the buyers of a round put into their baskets, one unit a line. As many baskets of each
 * product alone as there are units make sure that all of it is sold, whoever comes first; the
 * others hold several products, in any order, and get all or nothing.
 */
const fillBaskets = (
  random: Random,
  products: readonly string[],
  { buyers, units }: { buyers: number; units: number },
): Basket[] => {
  const toLine = (productId: string) => ({ productId, quantity: 1 as const });
  const alone = products.flatMap((id) => Array.from({ length: units }, () => [toLine(id)]));
  const crossing = Array.from({ length: buyers - alone.length }, () => {
    const lines = shuffle(random, products).map(toLine);
    return lines.slice(0, products.length > 2 ? 2 + random.below(products.length - 1) : 2);
  });
  return shuffle(random, [...alone, ...crossing]);
};

/** How often a buyer asks again who is told that the shop has no time. */
const TRIES = 20;
const PAUSE_MS = 1_000;

/** What says nothing about the basket: the same request gets its answer later. */
const isBusy = (answer: Result | string): boolean =>
  answer === 'UNAVAILABLE' ||
  (typeof answer !== 'string' && answer.__typename === 'RequestInFlightProblem');

/** What a buyer was answered in the end, as one word when it is no result, and at which try. */
const buy = async (
  person: Person,
  items: Basket,
): Promise<{ answer: Result | string; tries: number }> => {
  // With a key, who asks again gets the order that was made the first time.
  const input = { items, idempotencyKey: randomUUID() };
  const send = () =>
    person.send('createOrder', input).catch((error: unknown) => {
      return error instanceof AnswerError ? error.code : String(error);
    });
  let answer = await send();
  let tries = 1;
  for (; isBusy(answer) && tries < TRIES; tries += 1) {
    await sleep(PAUSE_MS);
    answer = await send();
  }
  return { answer, tries };
};

/** @returns what was wrong in the round, as sentences */
const runRound = async (
  shop: Shop,
  people: readonly Person[],
  random: Random,
  size: { buyers: number; units: number },
): Promise<{ faults: string[]; ms: number; orders: number; repeats: number }> => {
  const mostProducts = Math.min(3, Math.floor(size.buyers / size.units));
  const count = 1 + random.below(mostProducts);
  const products = await Promise.all(
    Array.from({ length: count }, () => shop.addProduct({ stock: size.units })),
  );
  const baskets = fillBaskets(random, products, size);
  const start = performance.now();
  const answers = await Promise.all(
    baskets.map((basket, index) => buy(people[index] as Person, basket)),
  );
  const ms = performance.now() - start;

  const faults: string[] = [];
  const bought = new Map(products.map((id) => [id, 0]));
  let orders = 0;
  let repeats = 0;
  for (const { answer, tries } of answers) {
    repeats += tries - 1;
    if (typeof answer === 'string') faults.push(`a buyer was answered ${answer}`);
    else if (answer.__typename === 'Order') {
      orders += 1;
      for (const { product, quantity } of answer.items) {
        bought.set(product.id, (bought.get(product.id) ?? 0) + quantity);
      }
    } else if (answer.code !== 'OUT_OF_STOCK') faults.push(`a buyer was answered ${answer.code}`);
    else if (answer.shortages?.some(({ available }) => available !== 0)) {
      faults.push('a buyer was refused what was still there');
    }
  }
  for (const { id, stock, held, sold } of await readUnits(shop, products)) {
    const ofClients = bought.get(id);
    if (stock !== 0 || held + sold !== size.units || ofClients !== size.units) {
      faults.push(`of ${size.units}: ${stock} left, ${held} held, ${ofClients} in orders`);
    }
  }
  if ((await findImbalances(shop, products)).length > 0) faults.push('the ledger does not add up');
  return { faults, ms, orders, repeats };
};

/**
 * Many buyers at once for few units, round after round: baskets of one product, and of several in
 * any order. All units are sold and no more, and no buyer gets anything but an order or OUT_OF_STOCK;
 * on a machine too slow for all of them at once, some have to ask again.
 * @param options.onRound is told how many rounds are done, and what was wrong in the last
 * @returns a sentence with the figures, and whether it held
 */
export const proveNoOversell = (options: {
  rounds: number;
  buyers: number;
  units: number;
  seed: number;
  onRound?: (done: number, faults: readonly string[]) => void;
}): Promise<{ held: boolean; report: string; faults: readonly string[] }> => {
  const { rounds, seed, buyers, units } = options;
  if (buyers < units) throw new Error('fewer buyers than units prove nothing');
  return withPostgres(async () => {
    const shop = await openShop();
    try {
      const people = Array.from({ length: buyers }, () => shop.signIn());
      const faults: string[] = [];
      const times: number[] = [];
      let orders = 0;
      let repeats = 0;
      for (let round = 0; round < rounds; round += 1) {
        const done = await runRound(shop, people, makeRandom(seed, round), options);
        faults.push(...done.faults.map((fault) => `round ${round + 1}: ${fault}`));
        times.push(done.ms);
        orders += done.orders;
        repeats += done.repeats;
        options.onRound?.(round + 1, done.faults);
      }
      if ((await findImbalances(shop)).length > 0) faults.push('in the end the ledger is off');
      const deadlocks = await countDeadlocks(shop);
      if (deadlocks > 0) faults.push(`${deadlocks} deadlocks`);
      const sorted = times.toSorted((a, b) => a - b);
      const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
      return {
        held: faults.length === 0,
        faults,
        report: [
          `${rounds} rounds of ${buyers} buyers for ${units} units of each product (seed ${seed}): ${orders} orders, ${repeats} requests repeated, ${deadlocks} deadlocks, ${faults.length} faults; a round took ${middle.toFixed(0)} ms in the middle, ${sorted.at(-1)?.toFixed(0)} ms at most`,
          ...faults.slice(0, 20),
        ].join('\n'),
      };
    } finally {
      await shop.close();
    }
  });
};
