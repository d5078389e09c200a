import { isDeepStrictEqual } from 'node:util';
import { makeRandom } from '../../apps/product/src/commands/random.ts';
import { drain, untilNone } from '../sandbox/drain.ts';
import {
  findImbalances,
  readOrders,
  readProducts,
  type OrderEntry,
  type ProductEntry,
} from '../sandbox/ledger.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { withSandboxes } from '../sandbox/open-sandboxes.ts';
import { sendUntilServed } from '../sandbox/send-until-served.ts';
import { expireOrders, settleCharges } from '../sandbox/pass-deadlines.ts';
import { reschedule } from '../sandbox/pending-work.ts';
import { delayWebhooks, type WebhookFaults } from './delay-webhooks.ts';
import { forAll, toOutcome } from './proof.ts';

/** What happens to one order, with and without faults of the provider. */
type Plan = {
  readonly quantity: number;
  readonly method: string;
  /** What ends the order before the provider settles the payment. */
  readonly endsFirst: 'nothing' | 'its time' | 'its customer';
};

/** Payments by these methods are settled after a day, unless the run moves the clock. */
const LATE_METHODS = [
  'sim_late_success',
  'sim_late_success',
  'sim_late_success',
  'sim_late_decline',
  'sim_duplicate_webhooks',
  'sim_reordered_webhooks',
];

const METHODS = [
  'sim_success',
  'sim_decline',
  'sim_timeout',
  'sim_timeout_decline',
  'sim_error_then_success',
  'sim_decline_then_success',
  ...LATE_METHODS,
];

const makePlans = (seed: number, orders: number): Plan[] =>
  Array.from({ length: orders }, (_, index) => {
    const random = makeRandom(seed, index);
    const method = random.pick(METHODS);
    const endsFirst = random.pick(['nothing', 'nothing', 'its time', 'its customer'] as const);
    return {
      quantity: 1 + random.below(3),
      method,
      endsFirst: LATE_METHODS.includes(method) ? endsFirst : 'nothing',
    };
  });

const PRICE = 1_250;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Ends orders by time, or by their customer, before their payments are settled. */
const endOrders = async (sandbox: Sandbox, plans: readonly Plan[], ids: readonly string[]) => {
  const expired = ids.filter((_, index) => plans[index]?.endsFirst === 'its time');
  // The retry window of a pending payment ended a minute ago, too.
  await expireOrders(sandbox, expired, 9 * 60_000);
  await forAll(plans, async ({ endsFirst }, index) => {
    if (endsFirst !== 'its customer') return;
    await sendUntilServed(sandbox.admin, 'cancelOrder', { orderId: ids[index] });
  });
  await untilNone(
    () =>
      sandbox.databases.order.query(
        "SELECT id FROM orders WHERE status = 'PENDING' AND id = ANY($1::uuid[])",
        [expired],
      ),
    () => reschedule(sandbox, ['check order'], 'now', expired),
  );
};

/** A decline that is revoked before the shop knows of it is a success: the shop must know first. */
const receiveDeclines = async (sandbox: Sandbox, orders: readonly string[]) => {
  const findPending = () =>
    sandbox.databases.payment.query<{ id: string }>(
      "SELECT id FROM payments WHERE status = 'PROCESSING' AND order_id = ANY($1::uuid[])",
      [orders],
    );
  await untilNone(findPending, async () => {
    const ids = (await findPending()).map(({ id }) => id);
    await reschedule(sandbox, ['check payment'], 'now', ids);
  });
};

/** What is wrong in the ledger of one run alone. */
const findFaults = async (
  { databases }: Sandbox,
  quantities: readonly number[],
  product: ProductEntry,
  orders: readonly OrderEntry[],
): Promise<string[]> => {
  const { stock, sold, held } = product;
  const faults = findImbalances([product]);
  const repeated = await databases.payment.query(
    `SELECT 1 FROM events WHERE envelope->>'type' IN ('payment.succeeded', 'payment.failed')
     GROUP BY envelope->>'subject' HAVING count(*) > 1`,
  );
  if (repeated.length > 0) faults.push(`${repeated.length} payments have two final events`);
  if (orders.some(({ payment }) => payment === null)) faults.push('a payment is missing');
  const isConfirmed = (_: number, index: number) => orders[index]?.status === 'CONFIRMED';
  const [units, confirmed] = [sum(quantities), sum(quantities.filter(isConfirmed))];
  const taken = sum(orders.map((order) => order.taken));
  if (taken !== confirmed * PRICE) faults.push(`${taken} is taken, not ${confirmed * PRICE}`);
  if (sold !== confirmed || stock !== units - confirmed || held !== 0) {
    faults.push(`of ${units} units ${stock} are left, ${held} held and ${sold} sold`);
  }
  return faults;
};

/** Runs all plans in a sandbox, with these faults, until no work is left. */
const runPlans = async (
  sandbox: Sandbox,
  plans: readonly Plan[],
  seed: number,
  webhookFaults: WebhookFaults,
) => {
  const webhooks = delayWebhooks(sandbox, seed, webhookFaults);
  const quantities = plans.map(({ quantity }) => quantity);
  const productId = await sandbox.addProduct({ stock: sum(quantities), price: PRICE });
  const buyer = sandbox.signIn();
  const ids: string[] = [];
  await forAll(quantities, async (quantity, index) => {
    const { id } = await sendUntilServed(buyer, 'createOrder', {
      items: [{ productId, quantity }],
    });
    ids[index] = id;
  });
  await forAll(plans, async ({ method }, index) => {
    await sendUntilServed(buyer, 'payOrder', { orderId: ids[index], paymentMethod: method });
  });
  const isRevoked = (_: string, index: number) =>
    plans[index]?.method === 'sim_decline_then_success';
  await receiveDeclines(sandbox, ids.filter(isRevoked));
  await endOrders(sandbox, plans, ids);
  await settleCharges(sandbox);
  await reschedule(sandbox, ['deliver webhook'], 'now');
  await drain(sandbox);
  // Delayed webhooks arrive when all orders have ended; then declines are checked once more.
  await webhooks.deliverDelayed();
  await reschedule(sandbox, ['check decline'], 'now');
  await drain(sandbox);

  const orders = await readOrders(sandbox, { ids });
  const [product] = (await readProducts(sandbox, [productId])) as [ProductEntry];
  return {
    ends: orders.map(({ id: _, ...end }) => end),
    taken: sum(orders.map(({ taken }) => taken)),
    sold: product.sold,
    faults: await findFaults(sandbox, quantities, product, orders),
    webhooks: webhooks.count(),
  };
};

/**
 * Pays many orders in every way twice: once with all webhooks of the provider, and once with webhooks
 * that arrive five times, out of order, long after the order has ended, or (a fifth) never. The
 * ledger must be the same, order by order.
 */
export const proveProviderFaults = ({ orders, seed }: { orders: number; seed: number }) => {
  const plans = makePlans(seed, orders);
  const env = {
    PROVIDER_TIMEOUT_MS: '2000',
    SIMULATOR_WEBHOOKS: 'all',
    SIMULATOR_SEED: String(seed),
    SIMULATOR_DELAY_MS: String(24 * 60 * 60_000),
  };
  const faultyEnv = {
    ...env,
    SIMULATOR_WEBHOOK_DUPLICATES: '5',
    SIMULATOR_WEBHOOK_DROP: '0.2',
    SIMULATOR_WEBHOOK_REORDER: '0.5',
  };
  return withSandboxes([{ env }, { env: faultyEnv }], async (...sandboxes) => {
    const [one, other] = sandboxes as [Sandbox, Sandbox];
    const calm = await runPlans(one, plans, seed, { delayed: 0, lost: 0 });
    const rough = await runPlans(other, plans, seed, { delayed: 0.3, lost: 0.2 });
    const different = plans.flatMap((plan, index) => {
      const [expected, actual] = [calm.ends[index], rough.ends[index]];
      if (isDeepStrictEqual(actual, expected)) return [];
      const [what, was, is] = [plan, expected, actual].map((value) => JSON.stringify(value));
      return [`order ${index} (${what}) ended ${is} instead of ${was}`];
    });
    return toOutcome(
      `${orders} orders (seed ${seed}), ${calm.webhooks} webhooks without faults and ${rough.webhooks} with: ${different.length} orders ended differently, ${rough.sold} units sold, ${rough.taken} cents taken for ${rough.sold * PRICE} cents of confirmed orders`,
      [
        ...calm.faults.map((fault) => `without faults: ${fault}`),
        ...rough.faults.map((fault) => `with faults: ${fault}`),
        ...different,
      ],
    );
  });
};
