import { randomUUID } from 'node:crypto';
import { eventually } from '@cartograph/testing';
import type { Result } from '../world/client.ts';
import { START_STOCK } from '../world/open-world.ts';
import { CREATE_ORDER, PAY_ORDER, REFUND_PAYMENT, RESERVE_STOCK } from '../world/operations.ts';
import {
  askToCancel,
  ends,
  GRACE_MS,
  isOrder,
  newCustomer,
  newOrder,
  newUndecided,
  PATIENCE_MS,
  type Scenario,
  type Story,
} from './stories.ts';
import { endHolds, endOrder } from './time.ts';

/** What an administrator gives back, in minor units. */
const REFUND = 100;

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

const isPaidOrEnded = ({ __typename }: Result): boolean =>
  ['Order', 'OrderNotPendingProblem'].includes(__typename);

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
        // A client that gave up may leave a hold, or nothing: the order service gives the hold back.
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
        ask: askToCancel(world, orderId, customer.authorization),
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
        ask: askToCancel(world, orderId, customer.authorization),
        // A client that comes again after its lease finds the order paid.
        accepts: isPaidOrEnded,
        judge: ends(['CANCELLED CUSTOMER_REQUEST', 'CONFIRMED']),
      };
    },
  },
  {
    name: 'refund of what was sold to somebody else meanwhile',
    group: 'refund',
    waitsForWork: true,
    begin: async (world) => {
      const { orderId, ...customer } = await newOrder(world);
      const { products, authorization } = customer;
      await endHolds(world, products);
      // The sweep gives the units back; then another customer buys all that is there.
      const other = world.tokens.authorize();
      const items = products.map((productId) => ({ productId, quantity: START_STOCK }));
      const all = await eventually(() =>
        world.must('order', CREATE_ORDER, { items }, other.authorization),
      );
      await world.must('order', PAY_ORDER, { orderId: all.id }, other.authorization);
      const input = { orderId, idempotencyKey: randomUUID() };
      return {
        ...customer,
        isHoldGone: true,
        ask: () => world.send('order', PAY_ORDER, { input }, { authorization }),
        // That it is gone is found in the call, or later by the job.
        accepts: isPaidOrEnded,
        judge: ends(['CANCELLED OUT_OF_STOCK'], ['PENDING']),
      };
    },
  },
];
