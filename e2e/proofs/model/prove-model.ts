import fc from 'fast-check';
import { findImbalances, readProducts } from '../../sandbox/ledger.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { withSandbox } from '../../sandbox/open-sandboxes.ts';
import { reschedule } from '../../sandbox/pending-work.ts';
import type { Outcome } from '../proof.ts';
import { makeCommands, PROVIDER_TIMEOUT_MS, type ModelCommand } from './commands.ts';
import { ANY_TIME, makeRealShop, type RealShop } from './real-shop.ts';
import type { Actor, Model, Repetition } from './send-request.ts';
import { METHODS, type Method } from './shop-model.ts';

const CUSTOMERS = 3;
const PRODUCTS = 3;
/** In one run. */
const MAX_COMMANDS = 60;

/** How often the shop returned each result. */
const tally = new Map<string, number>();

const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

const commands = makeCommands((operation, summary) =>
  count(tally, `${operation}: ${summary.replace(/ [-\d].*/, '')}`),
);

/** Counted from the newest order. */
const pick = fc.nat(5);
const customer = fc.nat(CUSTOMERS - 1);
const product = fc.nat(PRODUCTS - 1);
const actor: fc.Arbitrary<Actor> = fc.oneof(customer, fc.constant('ADMIN' as const));
/** Mostly the owner of the order. */
const payer: fc.Arbitrary<number | 'OWNER'> = fc.oneof(
  { weight: 9, arbitrary: fc.constant('OWNER' as const) },
  { weight: 1, arbitrary: customer },
);
/** Without a response from the provider, a payment takes more than a second. */
const method = fc.oneof(
  ...(Object.keys(METHODS) as Method[]).map((name) => ({
    weight: METHODS[name].hangs ? 1 : 4,
    arbitrary: fc.constant(name),
  })),
);

/** Few keys, so that they are used again; often none. */
const repetition: fc.Arbitrary<Repetition> = fc.record({
  key: fc.option(fc.nat(4), { freq: 1 }),
  width: fc.integer({ min: 1, max: 4 }),
});

const basket = fc.uniqueArray(fc.record({ product, quantity: fc.integer({ min: 1, max: 2 }) }), {
  minLength: 1,
  maxLength: 2,
  selector: (line) => line.product,
});

const draws = <Args extends unknown[]>(
  weight: number,
  make: (...args: Args) => ModelCommand,
  ...args: { [Index in keyof Args]: fc.Arbitrary<Args[Index]> }
) => ({ weight, arbitrary: fc.tuple<Args>(...args).map((drawn) => make(...drawn)) });

const statuses = fc.constantFrom('PENDING' as const, 'CONFIRMED' as const, 'CANCELLED' as const);
const parts = fc.option(fc.constantFrom(0.3, 0.5, 1, 1.1));

/** Commands that change orders are drawn more often than those that interfere. */
const anyCommand = fc.oneof(
  draws(6, commands.create, customer, basket, repetition),
  draws(8, commands.pay, pick, payer, method, repetition),
  draws(3, commands.settle, pick),
  draws(2, commands.cancel, pick, actor, repetition),
  draws(2, commands.expire, pick, fc.constantFrom('job' as const, 'payer' as const)),
  draws(2, commands.expireHold, pick),
  draws(2, commands.setStatus, pick, statuses),
  draws(3, commands.refund, pick, parts, repetition),
  draws(2, commands.adjust, product, fc.constantFrom(-3, -2, -1, 1, 2, 3, 4)),
  draws(1, commands.reprice, product, fc.integer({ min: 1, max: 5_000 })),
  draws(1, commands.setArchived, product, fc.constantFrom(true, false, false, false)),
);

/** New customers and products in the same shop: runs are independent. */
const begin = async (
  sandbox: Sandbox,
  stocks: readonly number[],
): Promise<{ model: Model; real: RealShop }> => {
  const products = stocks.map((stock, index) => ({
    stock,
    price: 700 + 333 * index,
    isArchived: false,
    version: 1,
  }));
  const participants = {
    customers: Array.from({ length: CUSTOMERS }, () => sandbox.signIn()),
    admin: sandbox.signIn('ADMIN'),
    productIds: await Promise.all(products.map((fields) => sandbox.addProduct(fields))),
  };
  const model = { products, orders: [], results: new Map() };
  return { model, real: makeRealShop(sandbox, participants) };
};

const ENV = {
  DATABASE_POOL_SIZE: '6',
  PROVIDER_TIMEOUT_MS: String(PROVIDER_TIMEOUT_MS),
  // Late payments are settled when the run says so.
  SIMULATOR_DELAY_MS: String(24 * 60 * 60_000),
  SIMULATOR_WEBHOOKS: 'all',
  RESERVATION_SWEEP_MS: '100',
};

/**
 * Sends random commands of several customers and an administrator to the real services and to a plain
 * model, and compares results, statuses, stock and money after each. A failure is made as short as
 * possible.
 * @param options.path repeats a failure together with its seed
 */
export const proveModel = (options: {
  runs: number;
  seed: number;
  path?: string | undefined;
}): Promise<Outcome> => {
  const { runs, seed, path = '' } = options;
  return withSandbox({ env: ENV }, async (sandbox) => {
    const ends = new Map<string, number>();
    let done = 0;
    const property = fc.asyncProperty(
      fc.noBias(fc.array(fc.nat(16), { minLength: PRODUCTS, maxLength: PRODUCTS })),
      fc.noBias(fc.commands([anyCommand], { maxCommands: MAX_COMMANDS, size: 'max' })),
      async (stocks, sequence) => {
        const { model, real } = await begin(sandbox, stocks);
        await fc.asyncModelRun(() => ({ model, real }), sequence);
        // The remaining work must not change anything.
        await reschedule(sandbox, ANY_TIME, 'now');
        await real.compare(model);
        const { productIds } = real.participants;
        const [fault] = findImbalances(await readProducts(sandbox, productIds));
        if (fault) throw new Error(fault);
        for (const { status, reason } of model.orders) count(ends, reason ?? status);
        done += 1;
      },
    );
    const details = await fc.check(property, {
      numRuns: runs,
      seed,
      ...(path !== '' && { path }),
      endOnFailure: path !== '',
      // A run against real services takes a second: shrinking must end.
      interruptAfterTimeLimit: 20 * 60_000,
      markInterruptAsFailure: true,
    });
    const endList = [...ends].toSorted().map(([end, times]) => `${times} ${end}`);
    const results = [...tally].toSorted().map(([result, times]) => `  ${times} ${result}`);
    const summary = `${done} runs (seed ${seed}): orders that ended ${endList.join(', ')}; results:`;
    const failure = details.failed && [
      fc.defaultReportMessage(details) ?? '',
      String(details.errorInstance),
      `Repeat it: npm run prove -- model --seed ${seed} --path ${details.counterexamplePath}`,
    ];
    return {
      held: !details.failed,
      report: [summary, ...results, ...(failure || [])].join('\n'),
    };
  });
};
