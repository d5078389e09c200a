import fc from 'fast-check';
import { findImbalances } from '../shop/find-imbalances.ts';
import { openShop, type Shop } from '../shop/open-shop.ts';
import { withPostgres } from '../shop/with-postgres.ts';
import { makeCommands, PROVIDER_TIMEOUT_MS } from './commands.ts';
import { METHODS, type Method } from './methods.ts';
import { makeRealShop } from './real-shop.ts';
import type { Actor, Manner, Model, Real } from './send-request.ts';

const CUSTOMERS = 3;
const PRODUCTS = 3;

/** What was answered how often. */
const tally = new Map<string, number>();
const commands = makeCommands((operation, words) => {
  const name = `${operation}: ${words.replace(/ [-\d].*/, '')}`;
  tally.set(name, (tally.get(name) ?? 0) + 1);
});
/** Counted from the newest order. */
const pick = fc.nat(5);
const customer = fc.nat(CUSTOMERS - 1);
const product = fc.nat(PRODUCTS - 1);
const actor: fc.Arbitrary<Actor> = fc.oneof(customer, fc.constant('ADMIN' as const));
/** Mostly whose order it is. */
const payer: fc.Arbitrary<number | 'OWNER'> = fc.oneof(
  { weight: 9, arbitrary: fc.constant('OWNER' as const) },
  { weight: 1, arbitrary: customer },
);
/** Those that are never answered cost more than a second each. */
const method = fc.oneof(
  ...(Object.keys(METHODS) as Method[]).map((name) => ({
    weight: METHODS[name].hangs ? 1 : 4,
    arbitrary: fc.constant(name),
  })),
);

/** Few keys, so that they are met again; often none. */
const manner: fc.Arbitrary<Manner> = fc.record({
  key: fc.option(fc.nat(4), { freq: 1 }),
  width: fc.integer({ min: 1, max: 4 }),
});

const basket = fc.uniqueArray(fc.record({ product, quantity: fc.integer({ min: 1, max: 2 }) }), {
  minLength: 1,
  maxLength: 2,
  selector: (line) => line.product,
});

const create = fc.tuple(customer, basket, manner).map((args) => commands.create(...args));
const pay = fc.tuple(pick, payer, method, manner).map((args) => commands.pay(...args));

/** What makes orders and moves them is drawn more often than what only stands in its way. */
const anyCommand = fc.oneof(
  { weight: 6, arbitrary: create },
  { weight: 8, arbitrary: pay },
  { weight: 3, arbitrary: pick.map(commands.decide) },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, actor, manner).map((args) => commands.cancel(...args)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pick, fc.constantFrom('job' as const, 'payer' as const))
      .map((args) => commands.expire(...args)),
  },
  { weight: 2, arbitrary: pick.map(commands.giveUpHold) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pick, fc.constantFrom('PENDING' as const, 'CONFIRMED' as const, 'CANCELLED' as const))
      .map((args) => commands.setStatus(...args)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(pick, fc.option(fc.constantFrom(0.3, 0.5, 1, 1.1)), manner)
      .map((args) => commands.refund(...args)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        product,
        fc.integer({ min: -3, max: 4 }).filter((delta) => delta !== 0),
      )
      .map((args) => commands.adjust(...args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(product, fc.integer({ min: 1, max: 5_000 }))
      .map((args) => commands.reprice(...args)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        product,
        fc.integer({ min: 0, max: 3 }).map((draw) => draw === 0),
      )
      .map((args) => commands.setArchived(...args)),
  },
);

/** New customers and products in the same shop: runs do not see each other. */
const begin = async (
  shop: Shop,
  stocks: readonly number[],
): Promise<{ model: Model; real: Real }> => {
  const products = stocks.map((stock, index) => ({
    stock,
    price: 700 + 333 * index,
    isArchived: false,
    version: 1,
  }));
  const cast = {
    customers: Array.from({ length: CUSTOMERS }, () => shop.signIn()),
    admin: shop.signIn('ADMIN'),
    productIds: await Promise.all(products.map((fields) => shop.addProduct(fields))),
  };
  const model = { products, orders: [], answers: new Map() };
  return { model, real: { shop: makeRealShop(shop, cast), cast } };
};

/**
 * Does random things to the real services, by several customers and an administrator, and to a
 * plain model, and compares what is answered and what is then true after each: statuses, stock and
 * money. What fails is made as short as it can be.
 * @param options.path replays a failure together with its seed
 * @returns a sentence with the figures and, of a failure, how to see it again
 */
export const proveModel = (options: {
  runs: number;
  seed: number;
  path?: string | undefined;
  /** How many things are done in a run at most. */
  longest?: number;
}): Promise<{ held: boolean; report: string }> => {
  const { runs, seed, path = '', longest = 60 } = options;
  return withPostgres(async () => {
    const shop = await openShop({
      DATABASE_POOL_SIZE: '6',
      PROVIDER_TIMEOUT_MS: String(PROVIDER_TIMEOUT_MS),
      // What is decided later is decided when the run says so.
      SIMULATOR_DELAY_MS: String(24 * 60 * 60_000),
      RESERVATION_SWEEP_MS: '100',
    });
    const counts = new Map<string, number>();
    let done = 0;
    try {
      const property = fc.asyncProperty(
        fc.noBias(fc.array(fc.nat(16), { minLength: PRODUCTS, maxLength: PRODUCTS })),
        fc.noBias(fc.commands([anyCommand], { maxCommands: longest, size: 'max' })),
        async (stocks, sequence) => {
          const { model, real } = await begin(shop, stocks);
          await fc.asyncModelRun(() => ({ model, real }), sequence);
          // Whatever was left to jobs must not change what was true.
          await shop.planJobs(['tell_order', 'settle_order', 'request_refund'], 'now');
          await real.shop.compare(model);
          if ((await findImbalances(shop, real.cast.productIds)).length > 0) {
            throw new Error('the stock ledger does not add up');
          }
          for (const { status, reason } of model.orders) {
            const end = reason ?? status;
            counts.set(end, (counts.get(end) ?? 0) + 1);
          }
          done += 1;
        },
      );
      const details = await fc.check(property, {
        numRuns: runs,
        seed,
        ...(path !== '' && { path }),
        endOnFailure: path !== '',
        // A run against real services takes a second: shrinking has to come to an end.
        interruptAfterTimeLimit: 20 * 60_000,
        markInterruptAsFailure: true,
      });
      const ends = [...counts].toSorted().map(([end, count]) => `${count} ${end}`);
      const answers = [...tally].toSorted().map(([answer, count]) => `  ${count} ${answer}`);
      const summary = [
        `${done} runs (seed ${seed}): orders that ended ${ends.join(', ')}; answers:`,
        ...answers,
      ].join('\n');
      return details.failed
        ? {
            held: false,
            report: `${summary}\n${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}\nAgain: npm run prove -- model --seed ${seed} --path ${details.counterexamplePath}`,
          }
        : { held: true, report: summary };
    } finally {
      await shop.close();
    }
  });
};
