import { randomUUID } from 'node:crypto';
import { eventually } from '@cartograph/testing';
import { readOrders, type OrderEntry } from '../../sandbox/ledger.ts';
import { expireHolds } from '../../sandbox/pass-deadlines.ts';
import { START_STOCK } from './check-ledger.ts';
import { abandonRequests, expireOrder } from './pass-time.ts';
import {
  define,
  delayCall,
  ends,
  isOneOf,
  keyed,
  mustSend,
  newCustomer,
  newOrder,
  newPendingPayment,
  type Scenario,
} from './scenario.ts';

/** An order expires at the latest so long after its time, the second with a pending payment. */
const GRACE_MS = 31_000;
const PAYMENT_GRACE_MS = 8 * 60_000 + 1_000;

/** The call with which the order service frees the stock of a request that it abandons. */
const FREES_STOCK = /^order -> product: .*(close|release)/i;

/** Long enough for a service to be restarted. */
const ELAPSE_TIMEOUT_MS = 60_000;

/** What an administrator refunds, in minor units. */
const REFUND = 100;

const pay = (method: string, end: string, ...types: readonly string[]): Scenario =>
  define('pay', `pay ${method}`, newOrder, (_, { customer, orderId }) => ({
    request: keyed(customer, 'payOrder', { orderId, paymentMethod: method }),
    accepts: isOneOf('Order', ...types),
    judge: ends([end], ['PENDING']),
  }));

/** Everything that can happen to an order, and can be interrupted. */
export const SCENARIOS: readonly Scenario[] = [
  define('create', 'create', newCustomer, (_, { customer, items }) => ({
    request: keyed(customer, 'createOrder', { items }),
    accepts: isOneOf('Order'),
    // Without a response there may be a hold or nothing: the order service releases the hold.
    judge: (ledger, hasResponse) =>
      hasResponse || ledger.orders.length > 0 ? ends(['PENDING'])(ledger, hasResponse) : null,
  })),

  define(
    'create',
    'create, with a reservation that arrives too late',
    async (sandbox) => {
      const made = await newCustomer(sandbox);
      const create = keyed(made.customer, 'createOrder', { items: made.items });
      const call = await delayCall(sandbox, /reserve/i, create);
      return { ...made, call };
    },
    (sandbox, { call }) => ({
      request: null,
      elapse: async () => {
        await abandonRequests(sandbox);
        // The call arrives when the request was abandoned, or while the service that does so is down.
        await eventually(() => {
          const { seen, victim } = sandbox.injector;
          const isOver = victim() !== null || seen().some((place) => FREES_STOCK.test(place));
          if (!isOver) throw new Error('the request is not abandoned');
        }, ELAPSE_TIMEOUT_MS);
        call.forward();
      },
      judge: ({ orders, orphanedHolds }) =>
        orders.length === 0 && orphanedHolds === 0 ? null : 'stock is held for no order',
    }),
  ),

  pay('sim_success', 'CONFIRMED'),
  pay('sim_decline', 'CANCELLED PAYMENT_FAILED', 'PaymentDeclinedProblem'),
  pay('sim_late_success', 'CONFIRMED'),

  define('cancel', 'cancel', newOrder, (_, { customer, orderId }) => ({
    request: keyed(customer, 'cancelOrder', { orderId }),
    accepts: isOneOf('Order'),
    judge: ends(['CANCELLED CUSTOMER_REQUEST'], ['PENDING']),
  })),

  define('expire', 'expire', newOrder, (sandbox, { orderId }) => ({
    request: null,
    elapse: () => expireOrder(sandbox, orderId, GRACE_MS),
    judge: ends(['CANCELLED EXPIRED']),
  })),

  define('expire', 'expire before the money comes', newPendingPayment, (sandbox, { orderId }) => ({
    request: null,
    elapse: () => expireOrder(sandbox, orderId, PAYMENT_GRACE_MS),
    // The payment may succeed first, while the service that would expire the order is down.
    judge: ends(['CANCELLED EXPIRED', 'CONFIRMED']),
  })),

  define(
    'expire',
    'expire before the payment is requested',
    async (sandbox) => {
      const made = await newOrder(sandbox);
      const pay = keyed(made.customer, 'payOrder', { orderId: made.orderId });
      const call = await delayCall(sandbox, /CreatePaymentIntent/, pay);
      return { ...made, call };
    },
    (sandbox, { orderId, call }) => ({
      request: null,
      elapse: async () => {
        await expireOrder(sandbox, orderId, PAYMENT_GRACE_MS);
        // The call arrives when the order has ended, or while the service that ends it is down.
        await eventually(async () => {
          const [order] = (await readOrders(sandbox, { ids: [orderId] })) as [OrderEntry];
          const isOver = order.status !== 'PENDING' || sandbox.injector.victim() !== null;
          if (!isOver) throw new Error('the order is still pending');
        }, ELAPSE_TIMEOUT_MS);
        call.forward();
      },
      // In the second case the order may be paid first.
      judge: ends(['CANCELLED EXPIRED', 'CONFIRMED']),
    }),
  ),

  define(
    'expire',
    'expire a hold without an order',
    async (sandbox) => {
      const made = await newCustomer(sandbox);
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      const input = { orderId: randomUUID(), expiresAt, lines: made.items };
      await sandbox.send('reserveStock', input, { caller: 'order' });
      return made;
    },
    (sandbox, { products }) => ({
      request: null,
      elapse: () => expireHolds(sandbox, { products }),
      judge: ({ orphanedHolds }) => (orphanedHolds === 0 ? null : 'a hold is never released'),
    }),
  ),

  define(
    'refund',
    'refund by an administrator',
    async (sandbox) => {
      const made = await newOrder(sandbox);
      await mustSend(made.customer, 'payOrder', { orderId: made.orderId });
      const [payment] = await sandbox.databases.payment.query<{ id: string }>(
        'SELECT id::text FROM payments WHERE order_id = $1::uuid',
        [made.orderId],
      );
      return { ...made, paymentId: payment?.id };
    },
    (sandbox, { paymentId }) => ({
      waitsForWork: true,
      request: keyed(sandbox.admin, 'refundPayment', {
        paymentId,
        amount: REFUND,
        reason: 'goodwill',
      }),
      accepts: isOneOf('Refund'),
      judge: (ledger, hasResponse) =>
        ledger.refunded === REFUND || (!hasResponse && ledger.refunded === 0)
          ? ends(['CONFIRMED'])(ledger, hasResponse)
          : `refunded: ${ledger.refunded}`,
    }),
  ),

  define(
    'refund',
    'refund of what is paid after it was cancelled',
    newPendingPayment,
    (_, { customer, orderId }) => ({
      request: keyed(customer, 'cancelOrder', { orderId }),
      // A client that repeats the request after its lease finds the order paid.
      accepts: isOneOf('Order', 'OrderNotPendingProblem'),
      judge: ends(['CANCELLED CUSTOMER_REQUEST', 'CONFIRMED']),
    }),
  ),

  define(
    'refund',
    'refund of what was sold to another customer',
    async (sandbox) => {
      const made = await newOrder(sandbox);
      await expireHolds(sandbox, { products: made.products });
      // The sweeper releases the units; then another customer buys all units.
      const other = sandbox.signIn();
      const items = made.products.map((productId) => ({ productId, quantity: START_STOCK }));
      const { id } = await eventually(() => mustSend(other, 'createOrder', { items }));
      await mustSend(other, 'payOrder', { orderId: id });
      return made;
    },
    (_, { customer, orderId }) => ({
      waitsForWork: true,
      isHoldExpired: true,
      request: keyed(customer, 'payOrder', { orderId }),
      // The shortage is found in the call, or later.
      accepts: isOneOf('Order', 'OrderNotPendingProblem'),
      judge: ends(['CANCELLED OUT_OF_STOCK'], ['PENDING']),
    }),
  ),
];
