import { beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import {
  becomes as becomesOf,
  cancel,
  historyOf,
  orderOf,
  pay,
  paymentOf,
  paymentsOf,
  placeOrder,
  SETTLES_MS,
} from '../testkit/orders.ts';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { stockOf } from '../testkit/products.ts';
import { problem } from '../testkit/rest.ts';

/** After so long without a webhook the shop queries the provider. */
const FIRST_QUERY_MS = 15_000;

let shopper: Account;

beforeAll(async () => {
  shopper = await newShopper();
});

const place = () => placeOrder(shopper.token, { qty: 2 });

const becomes = (id: string, status: string) => becomesOf(shopper.token, id, status);

/** The status of an order, and of its payments and their refunds. */
const stateOf = async (id: string) => {
  const ids = await paymentsOf(shopper.token, id);
  const payments = await Promise.all(ids.map((one) => paymentOf(shopper.token, one)));
  const { status } = await orderOf(shopper.token, id);
  const all = payments.flatMap((payment) => [payment, ...payment.refunds]);
  return [status, ...all.map((one) => one.status)];
};

/** Counts the events of an order by name. */
const countEvents = async (id: string) => {
  const events = (await historyOf(shopper.token, id)).map(({ event }) => event as string);
  return (name: string) => events.filter((event) => event === name).length;
};

describe('a payment that is settled later', () => {
  it.concurrent(
    'confirms the order by a webhook, before the shop queries the provider',
    async () => {
      const { product, id } = await place();
      const accepted = await pay(shopper.token, id, 'sim_late_success');
      expect(accepted).toMatchObject({
        status: 202,
        body: { id, status: 'PENDING', payment: { status: 'PROCESSING' } },
      });
      await becomes(id, 'CONFIRMED');
      expect(await paymentOf(shopper.token, accepted.body.payment.id)).toMatchObject({
        status: 'SUCCEEDED',
        refunds: [],
      });
      expect(await stockOf(product)).toBe(3);
      const history = await historyOf(shopper.token, id);
      const at = (name: string) => Date.parse(history.find(({ event }) => event === name)?.at);
      expect(at('CONFIRMED') - at('PAYMENT_STARTED')).toBeLessThan(FIRST_QUERY_MS);
    },
  );

  it.concurrent(
    'cancels the order when it is declined, and returns the units to stock',
    async () => {
      const { product, id } = await place();
      expect((await pay(shopper.token, id, 'sim_late_decline')).status).toBe(202);
      const end = await becomes(id, 'CANCELLED');
      expect(end.cancellation.reason).toBe('PAYMENT_FAILED');
      expect(await stateOf(id)).toEqual(['CANCELLED', 'FAILED']);
      await eventually(async () => expect(await stockOf(product)).toBe(5));
      expect(await pay(shopper.token, id)).toMatchObject(
        problem(402, 'PAYMENT_DECLINED', { reason: 'card_declined' }),
      );
    },
  );

  it.concurrent('has the state of its order also when the provider did not respond', async () => {
    const { id } = await place();
    const { status, body } = await pay(shopper.token, id, 'sim_timeout');
    // The webhook is there before the request has timed out, or not.
    expect([
      [200, 'CONFIRMED', 'SUCCEEDED'],
      [202, 'PENDING', 'PROCESSING'],
    ]).toContainEqual([status, body.status, body.payment.status]);
    await becomes(id, 'CONFIRMED');
    expect(await stateOf(id)).toEqual(['CONFIRMED', 'SUCCEEDED']);
  });

  it.concurrent('confirms the order once, also when the webhook is repeated', async () => {
    const { product, id } = await place();
    expect((await pay(shopper.token, id, 'sim_duplicate_webhooks')).status).toBe(202);
    await becomes(id, 'CONFIRMED');
    expect(await stateOf(id)).toEqual(['CONFIRMED', 'SUCCEEDED']);
    const count = await countEvents(id);
    expect([count('PAYMENT_DECIDED'), count('CONFIRMED')]).toEqual([1, 1]);
    expect(await stockOf(product)).toBe(3);
  });

  it.concurrent(
    'is refunded automatically when the order was cancelled in the meantime',
    async () => {
      const { product, id } = await place();
      const accepted = await pay(shopper.token, id, 'sim_late_success');
      expect(accepted.status).toBe(202);
      expect(await cancel(shopper.token, id)).toMatchObject({
        status: 200,
        body: { status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
      });
      const paymentId = accepted.body.payment.id;
      const payment = await eventually(async () => {
        const now = await paymentOf(shopper.token, paymentId);
        expect(now.status).toBe('REFUNDED');
        return now;
      }, SETTLES_MS);
      expect(payment.refunds).toEqual([
        expect.objectContaining({ status: 'SUCCEEDED', amount_cents: 3000 }),
      ]);
      expect(await orderOf(shopper.token, id)).toMatchObject({
        status: 'CANCELLED',
        cancellation: { reason: 'CUSTOMER_REQUEST' },
      });
      expect(await stockOf(product)).toBe(5);
      expect((await countEvents(id))('REFUND_REQUESTED')).toBe(1);
    },
  );

  it.concurrent('ends as specified for each payment method of the simulator', async () => {
    const ends: Readonly<Record<string, readonly string[]>> = {
      sim_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_decline: ['CANCELLED', 'FAILED'],
      sim_timeout: ['CONFIRMED', 'SUCCEEDED'],
      sim_timeout_decline: ['CANCELLED', 'FAILED'],
      sim_error_then_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_late_success: ['CONFIRMED', 'SUCCEEDED'],
      sim_late_decline: ['CANCELLED', 'FAILED'],
      // The decline is final: the later capture is refunded.
      sim_decline_then_success: ['CANCELLED', 'FAILED', 'SUCCEEDED'],
      sim_duplicate_webhooks: ['CONFIRMED', 'SUCCEEDED'],
      sim_reordered_webhooks: ['CONFIRMED', 'SUCCEEDED'],
      sim_refund_failure: ['CONFIRMED', 'SUCCEEDED'],
    };
    const settle = async (method: string, end: readonly string[]) => {
      const { id } = await place();
      await pay(shopper.token, id, method);
      await eventually(async () => {
        expect([method, ...(await stateOf(id))]).toEqual([method, ...end]);
      }, SETTLES_MS);
    };
    await Promise.all(Object.entries(ends).map(([method, end]) => settle(method, end)));
  });
});
