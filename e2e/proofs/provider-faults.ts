import { deepStrictEqual } from 'node:assert/strict';
import { eventually } from '@cartograph/testing';
import { makeRandom } from '../../apps/product/src/commands/random.ts';
import { findImbalances, readUnits } from './shop/find-imbalances.ts';
import { decideAll } from './shop/decide-charges.ts';
import { openLateMail, type Trouble } from './shop/late-mail.ts';
import { openShop, type Shop } from './shop/open-shop.ts';
import { withPostgres } from './shop/with-postgres.ts';
import { drain, readEnds, type End } from './shop/read-ends.ts';

/** What each order is to live through, whatever goes wrong with the provider's news. */
type Plan = {
  readonly quantity: number;
  readonly method: string;
  /** What ends the order before the provider has decided. */
  readonly endsFirst: 'nothing' | 'its time' | 'its customer';
};

const METHODS = [
  'sim_success',
  'sim_decline',
  'sim_timeout',
  'sim_timeout_decline',
  'sim_error_then_success',
  'sim_decline_then_success',
  'sim_late_success',
  'sim_late_success',
  'sim_late_success',
  'sim_late_decline',
  'sim_duplicate_webhooks',
  'sim_reordered_webhooks',
] as const;

/** Those that are decided after a day, unless the run moves the clock. */
const LATE: ReadonlySet<string> = new Set([
  'sim_late_success',
  'sim_late_decline',
  'sim_duplicate_webhooks',
  'sim_reordered_webhooks',
]);

const makePlans = (seed: number, orders: number): Plan[] =>
  Array.from({ length: orders }, (_, index) => {
    const random = makeRandom(seed, index);
    const method = random.pick(METHODS);
    const endsFirst = random.pick(['nothing', 'nothing', 'its time', 'its customer'] as const);
    return {
      quantity: 1 + random.below(3),
      method,
      endsFirst: LATE.has(method) ? endsFirst : 'nothing',
    };
  });

const BATCH = 20;

/** Does `work` for all, some at a time. */
const forAll = async <Value>(
  values: readonly Value[],
  work: (value: Value, index: number) => Promise<void>,
) => {
  for (let first = 0; first < values.length; first += BATCH) {
    const batch = values.slice(first, first + BATCH);
    await Promise.all(batch.map((value, index) => work(value, first + index)));
  }
};

const PRICE = 1_250;

/** The units and the money in the end. */
type Books = {
  readonly ends: readonly End[];
  readonly stock: number;
  readonly sold: number;
  /** What the provider holds, and the orders that it holds it for, in minor units. */
  readonly taken: number;
  readonly confirmed: number;
};

const endOrders = async (shop: Shop, plans: readonly Plan[], ids: readonly string[]) => {
  const { order } = shop.databases;
  const late = ids.filter((_, index) => plans[index]?.endsFirst === 'its time');
  // Its time, and the patience with a payment that is not decided, ended a minute ago.
  await order.query(
    "UPDATE orders SET reserved_until = now() - interval '9 minutes' WHERE id = ANY($1::uuid[])",
    [late],
  );
  await forAll(plans, async ({ endsFirst }, index) => {
    if (endsFirst === 'its customer') {
      await shop.admin.send('cancelOrder', { orderId: ids[index] });
    }
  });
  let looks = 0;
  await eventually(async () => {
    if (looks++ % 40 === 0) await shop.planJobs(['resolve_order'], 'now', late);
    const waiting = await order.query(
      "SELECT id FROM orders WHERE status = 'PENDING' AND id = ANY($1::uuid[])",
      [late],
    );
    if (waiting.length > 0) throw new Error(`${waiting.length} orders wait past their time`);
  }, 60_000);
};

const findUndecided = async (shop: Shop, ids: readonly string[]): Promise<string[]> => {
  const rows = await shop.databases.payment.query<{ id: string }>(
    "SELECT id FROM payments WHERE status = 'PROCESSING' AND order_id = ANY($1::uuid[])",
    [ids],
  );
  return rows.map(({ id }) => id);
};

/** A decline that is taken back before anybody heard of it is a success: it is heard first. */
const hearDeclines = async (shop: Shop, ids: readonly string[]) => {
  let looks = 0;
  await eventually(async () => {
    if (looks++ % 40 === 0)
      await shop.planJobs(['ask_provider'], 'now', await findUndecided(shop, ids));
    const waiting = await findUndecided(shop, ids);
    if (waiting.length > 0) throw new Error(`${waiting.length} declines were not heard`);
  }, 60_000);
};

/** Runs all plans in a shop of their own, with these faults, until nothing is left to do. */
const runPlans = async (
  plans: readonly Plan[],
  env: Record<string, string>,
  seed: number,
  trouble: Trouble,
): Promise<{ books: Books; faults: string[]; webhooks: number }> => {
  const shop = await openShop({
    PROVIDER_TIMEOUT_MS: '2000',
    SIMULATOR_SEED: String(seed),
    SIMULATOR_DELAY_MS: String(24 * 60 * 60_000),
    ...env,
  });
  try {
    const mail = openLateMail(shop, { seed, trouble });
    const units = plans.reduce((sum, { quantity }) => sum + quantity, 0);
    const productId = await shop.addProduct({ stock: units, price: PRICE });
    const buyer = shop.signIn();
    const ids: string[] = [];
    await forAll(plans, async ({ quantity }, index) => {
      const { id } = await buyer.send('createOrder', { items: [{ productId, quantity }] });
      ids[index] = id;
    });
    await forAll(plans, async ({ method }, index) => {
      await buyer.send('payOrder', { orderId: ids[index], paymentMethod: method });
    });
    await hearDeclines(
      shop,
      ids.filter((_, index) => plans[index]?.method === 'sim_decline_then_success'),
    );
    await endOrders(shop, plans, ids);
    await decideAll(shop.databases.payment);
    await shop.planJobs(['deliver_webhook'], 'now');
    await drain(shop);
    // What was held back arrives when everything is over; then all is looked at once more.
    await mail.deliverAll();
    await shop.planJobs(['watch_decline'], 'now');
    await drain(shop);

    const faults: string[] = [];
    if ((await findImbalances(shop)).length > 0) faults.push('the stock ledger does not add up');
    const twice = await shop.databases.payment.query(
      `SELECT 1 FROM events WHERE envelope->>'type' IN ('payment.succeeded', 'payment.failed')
       GROUP BY envelope->>'subject' HAVING count(*) > 1`,
    );
    if (twice.length > 0) faults.push(`${twice.length} payments were told of twice`);
    const ends = await readEnds(shop, ids);
    const [row] = await readUnits(shop, [productId]);
    const confirmed = plans
      .filter((_, index) => ends[index]?.status === 'CONFIRMED')
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const books = {
      ends,
      stock: row?.stock ?? -1,
      sold: row?.sold ?? -1,
      taken: ends.reduce((sum, end) => sum + end.taken, 0),
      confirmed: confirmed * PRICE,
    };
    if (books.taken !== books.confirmed)
      faults.push(`${books.taken} is held for ${books.confirmed}`);
    if (books.sold !== confirmed || books.stock !== units - confirmed || row?.held !== 0) {
      faults.push(`of ${units} units ${books.stock} are left and ${books.sold} sold`);
    }
    return { books, faults, webhooks: mail.count() };
  } finally {
    await shop.close();
  }
};

/**
 * Pays many orders in every way twice: once with a provider whose news arrive, and once with news
 * that come five times, in the wrong order, long after the order has ended, or (a fifth) never. The
 * books must be the same, order by order.
 * @returns a sentence with the figures, and whether it held
 */
export const proveProviderFaults = (options: {
  orders: number;
  seed: number;
}): Promise<{ held: boolean; report: string; faults: readonly string[] }> =>
  withPostgres(async () => {
    const { orders, seed } = options;
    const plans = makePlans(seed, orders);
    const calm = await runPlans(plans, {}, seed, { late: 0, lost: 0 });
    const rough = await runPlans(
      plans,
      {
        SIMULATOR_WEBHOOK_DUPLICATES: '5',
        SIMULATOR_WEBHOOK_DROP: '0.2',
        SIMULATOR_WEBHOOK_REORDER: '0.5',
      },
      seed,
      { late: 0.3, lost: 0.2 },
    );
    const faults = [
      ...calm.faults.map((fault) => `without faults: ${fault}`),
      ...rough.faults.map((fault) => `with faults: ${fault}`),
    ];
    plans.forEach((plan, index) => {
      const [expected, actual] = [calm.books.ends[index], rough.books.ends[index]];
      try {
        deepStrictEqual(actual, expected);
      } catch {
        const words = [plan, expected, actual].map((value) => JSON.stringify(value));
        faults.push(`order ${index} (${words[0]}) ended ${words[2]} instead of ${words[1]}`);
      }
    });
    const { taken } = rough.books;
    return {
      held: faults.length === 0,
      faults,
      report: [
        `${orders} orders (seed ${seed}), ${calm.webhooks} webhooks without faults and ${rough.webhooks} with: the same books order by order, ${rough.books.sold} units sold, ${taken} cents held for ${rough.books.confirmed} cents of confirmed orders; ${faults.length} faults`,
        ...faults.slice(0, 20),
      ].join('\n'),
    };
  });
