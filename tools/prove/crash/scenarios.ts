import { randomUUID } from 'node:crypto';
import type { Answer, Result } from '../world/client.ts';
import type { World } from '../world/open-world.ts';
import {
  CANCEL_ORDER,
  CREATE_ORDER,
  PAY_ORDER,
  REFUND_PAYMENT,
  RESERVE_STOCK,
} from '../world/operations.ts';
import type { Books } from './books.ts';
import { endHolds, endOrder } from './time.ts';

/** What happens while somebody is killed, and how it has to end. */
export type Story = {
  readonly customerId: string;
  readonly authorization: string;
  readonly products: readonly string[];
  /** One request of a client, under the same key however often; null where time alone acts. */
  readonly ask: (() => Promise<Answer>) | null;
  readonly elapse?: () => Promise<void>;
  /** Which answer is right. */
  readonly accepts?: (answer: Result) => boolean;
  /** @param isAnswered whether the client has its answer. @returns what is wrong with the end */
  readonly judge: (books: Books, isAnswered: boolean) => string | null;
};

export type Group = 'create' | 'pay' | 'cancel' | 'expire' | 'refund';

export type Scenario = {
  readonly name: string;
  readonly group: Group;
  /** Whether what it began with has to be over before anybody is killed. */
  readonly waitsForWork?: boolean;
  /** Comes to where the story begins. */
  readonly begin: (world: World) => Promise<Story>;
};

/** An order is paid or given up this long after its time, at the latest: see order-times.ts. */
const GRACE_MS = 31_000;
const PATIENCE_MS = 8 * 60_000 + 1_000;

const REFUND = 100;

const newCustomer = async (world: World) => {
  const { viewer, authorization } = world.tokens.authorize();
  const products = await world.addProducts(2);
  const items = products.map((productId, index) => ({ productId, quantity: 2 + index }));
  return { customerId: viewer.id, authorization, products, items };
};

const newOrder = async (world: World) => {
  const customer = await newCustomer(world);
  const { items, authorization } = customer;
  const { id = '' } = await world.must('order', CREATE_ORDER, { items }, authorization);
  return { ...customer, orderId: id };
};

const ends =
  (statuses: readonly string[], orElse: readonly string[] = []) =>
  ({ orders, orphans }: Books, isAnswered: boolean): string | null => {
    const allowed = isAnswered ? statuses : [...statuses, ...orElse];
    const seen = orders.map(({ status, reason }) => (reason ? `${status} ${reason}` : status));
    if (orphans > 0) return 'a hold has no order';
    return seen.length === 1 && seen.every((one) => allowed.includes(one))
      ? null
      : `orders: [${seen.join(', ')}], not ${allowed.join(' or ')}`;
  };

const pay = (method: string, accepts: Story['accepts'], end: string): Scenario => ({
  name: `pay ${method}`,
  group: 'pay',
  begin: async (world) => {
    const { orderId, ...customer } = await newOrder(world);
    const { authorization } = customer;
    const input = { orderId, paymentMethod: method, idempotencyKey: randomUUID() };
    return {
      ...customer,
      ask: () => world.send('order', PAY_ORDER, { input }, { authorization }),
      ...(accepts && { accepts }),
      judge: ends([end], ['PENDING']),
    };
  },
});

const isOrder = ({ __typename }: Result): boolean => __typename === 'Order';

const cancelInput = (world: World, orderId: string, authorization: string) => {
  const input = { orderId, idempotencyKey: randomUUID() };
  return () => world.send('order', CANCEL_ORDER, { input }, { authorization });
};

/** An order whose payment the provider has not decided. */
const newUndecided = async (world: World) => {
  const made = await newOrder(world);
  const input = { orderId: made.orderId, paymentMethod: 'sim_late_success' };
  await world.must('order', PAY_ORDER, input, made.authorization);
  return made;
};

/** Everything that an order can live through, and be killed in. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'create',
    group: 'create',
    begin: async (world) => {
      const { items, ...customer } = await newCustomer(world);
      const { authorization } = customer;
      const input = { items, idempotencyKey: randomUUID() };
      return {
        ...customer,
        ask: () => world.send('order', CREATE_ORDER, { input }, { authorization }),
        accepts: isOrder,
        // A client that gave up may leave a hold, or nothing: the sweep gives the hold back.
        judge: (books, isAnswered) =>
          !isAnswered && books.orders.length === 0 ? null : ends(['PENDING'])(books, isAnswered),
      };
    },
  },
  pay('sim_success', isOrder, 'CONFIRMED'),
  pay(
    'sim_decline',
    ({ __typename }) => ['Order', 'PaymentDeclinedProblem'].includes(__typename),
    'CANCELLED PAYMENT_FAILED',
  ),
  pay('sim_late_success', isOrder, 'CONFIRMED'),
  {
    name: 'cancel',
    group: 'cancel',
    begin: async (world) => {
      const { orderId, ...customer } = await newOrder(world);
      return {
        ...customer,
        ask: cancelInput(world, orderId, customer.authorization),
        accepts: isOrder,
        judge: ends(['CANCELLED CUSTOMER_REQUEST'], ['PENDING']),
      };
    },
  },
  {
    name: 'expire',
    group: 'expire',
    begin: async (world) => {
      const { orderId, ...customer } = await newOrder(world);
      return {
        ...customer,
        ask: null,
        elapse: () => endOrder(world, orderId, GRACE_MS),
        judge: ends(['CANCELLED EXPIRED']),
      };
    },
  },
  {
    name: 'expire before the money comes',
    group: 'expire',
    begin: async (world) => {
      const { orderId, ...customer } = await newUndecided(world);
      return {
        ...customer,
        ask: null,
        elapse: () => endOrder(world, orderId, PATIENCE_MS),
        // The money may come first, when whoever would have let the order expire is dead.
        judge: ends(['CANCELLED EXPIRED', 'CONFIRMED']),
      };
    },
  },
  {
    name: 'expire a hold without an order',
    group: 'expire',
    begin: async (world) => {
      const { items, ...customer } = await newCustomer(world);
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      const input = { orderId: randomUUID(), expiresAt, lines: items };
      await world.send('product', RESERVE_STOCK, { input }, { caller: 'order' });
      return {
        ...customer,
        ask: null,
        elapse: async () => void (await endHolds(world, customer.products)),
        judge: ({ orphans }) => (orphans === 0 ? null : 'a hold is never given back'),
      };
    },
  },
  {
    name: 'refund by an administrator',
    group: 'refund',
    waitsForWork: true,
    begin: async (world) => {
      const { orderId, ...customer } = await newOrder(world);
      await world.must('order', PAY_ORDER, { orderId }, customer.authorization);
      const [row] = await world.databases.payment.query<{ id: string }>(
        'SELECT id::text FROM payments WHERE order_id = $1::uuid',
        [orderId],
      );
      const key = randomUUID();
      const input = { paymentId: row?.id, amount: REFUND, reason: 'goodwill', idempotencyKey: key };
      const authorization = world.authorizeAdmin();
      return {
        ...customer,
        ask: () => world.send('payment', REFUND_PAYMENT, { input }, { authorization }),
        accepts: ({ __typename }) => __typename === 'Refund',
        judge: (books, isAnswered) =>
          books.refunded === REFUND || (!isAnswered && books.refunded === 0)
            ? ends(['CONFIRMED'])(books, isAnswered)
            : `refunded: ${books.refunded}`,
      };
    },
  },
  {
    name: 'refund of what is paid after it was cancelled',
    group: 'refund',
    begin: async (world) => {
      const { orderId, ...customer } = await newUndecided(world);
      return {
        ...customer,
        ask: cancelInput(world, orderId, customer.authorization),
        // A client that comes again after its lease finds the order paid.
        accepts: ({ __typename }) => ['Order', 'OrderNotPendingProblem'].includes(__typename),
        judge: ends(['CANCELLED CUSTOMER_REQUEST', 'CONFIRMED']),
      };
    },
  },
];
