import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  becomes,
  cancel,
  order,
  pay,
  paymentOf,
  paymentsOf,
  placeOrder,
  refund,
} from '../testkit/orders.ts';
import { admin, newShopper, type Account } from '../testkit/accounts.ts';
import { newProduct, stockOf } from '../testkit/products.ts';
import type { RestResponse } from '../testkit/rest.ts';

let shopper: Account;
let administrator: Account;

beforeAll(async () => {
  [shopper, administrator] = await Promise.all([newShopper(), admin()]);
});

/** What a client can compare: all but the headers about the single request. */
const comparable = ({ status, text, headers }: RestResponse) => ({
  status,
  text,
  location: headers.get('location'),
});

/** Sends a request three times concurrently and once more. @returns the one response to all */
const sendAll = async (send: () => Promise<RestResponse>): Promise<RestResponse> => {
  const responses = await Promise.all([send(), send(), send()]);
  const first = responses.find(({ status }) => status !== 409);
  if (!first) throw new Error('no request got a final response');
  for (const response of responses) {
    // While another one is in progress, a request may get REQUEST_IN_FLIGHT.
    if (response.status !== 409) expect(comparable(response)).toEqual(comparable(first));
    else {
      expect(response.body.code).toBe('REQUEST_IN_FLIGHT');
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(comparable(await send())).toEqual(comparable(first));
  return first;
};

describe('the same key and body get the same response, byte for byte', () => {
  it('for an order, also when it was cancelled', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const send = () => order(shopper.token, product, 2, key);
    const placed = await sendAll(send);
    expect(placed.status).toBe(201);
    expect(await stockOf(product)).toBe(3);
    await cancel(shopper.token, placed.body.id);
    expect(comparable(await send())).toEqual(comparable(placed));
    expect(await stockOf(product)).toBe(5);
  });

  it('for a payment, also when it was refunded', async () => {
    const key = randomUUID();
    const { id } = await placeOrder(shopper.token);
    const send = () => pay(shopper.token, id, 'sim_success', key);
    const paid = await sendAll(send);
    expect(paid).toMatchObject({ status: 200, body: { payment: { status: 'SUCCEEDED' } } });
    expect(await paymentsOf(shopper.token, id)).toEqual([paid.body.payment.id]);
    await refund(administrator.token, paid.body.payment.id);
    expect(comparable(await send())).toEqual(comparable(paid));
    // Another request sees the current status, with a key of its own or without one.
    for (const fresh of [randomUUID(), undefined]) {
      expect(await pay(shopper.token, id, 'sim_success', fresh)).toMatchObject({
        status: 200,
        body: { status: 'CONFIRMED', payment: { status: 'REFUNDED' } },
      });
    }
  });

  it('for a pending payment, also when it is settled', async () => {
    const key = randomUUID();
    const { id } = await placeOrder(shopper.token);
    const send = () => pay(shopper.token, id, 'sim_late_success', key);
    const accepted = await sendAll(send);
    expect(accepted).toMatchObject({
      status: 202,
      body: { status: 'PENDING', payment: { status: 'PROCESSING' } },
    });
    await becomes(shopper.token, id, 'CONFIRMED');
    expect(comparable(await send())).toEqual(comparable(accepted));
    // With another key it is another request, for an order that is paid.
    expect((await pay(shopper.token, id, 'sim_success', randomUUID())).status).toBe(200);
    expect(await paymentsOf(shopper.token, id)).toHaveLength(1);
  });

  it('for a refund, which is made once', async () => {
    const key = randomUUID();
    const { id } = await placeOrder(shopper.token);
    const { payment } = (await pay(shopper.token, id)).body;
    const given = await sendAll(() => refund(administrator.token, payment.id, 1000, key));
    expect(given).toMatchObject({ status: 201, body: { amount_cents: 1000 } });
    expect((await paymentOf(shopper.token, payment.id)).refunds).toEqual([given.body]);
  });

  it('for a cancellation', async () => {
    const key = randomUUID();
    const { id } = await placeOrder(shopper.token);
    const cancelled = await sendAll(() => cancel(shopper.token, id, 'enough', key));
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
  });
});

describe('a key', () => {
  it('with another body is a conflict, and changes nothing', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5, price_cents: 3000 });
    const { body } = await order(shopper.token, product, 1, key);
    const { payment } = (await pay(shopper.token, body.id, 'sim_success', key)).body;
    await refund(administrator.token, payment.id, 1000, key);
    const conflicts = await Promise.all([
      order(shopper.token, product, 2, key),
      pay(shopper.token, body.id, 'sim_decline', key),
      refund(administrator.token, payment.id, 1001, key),
    ]);
    for (const { status, body: problem } of conflicts) {
      expect([status, problem.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    }
    expect(await stockOf(product)).toBe(4);
    expect((await paymentOf(shopper.token, payment.id)).refunds).toHaveLength(1);
  });

  it('belongs to one account: another account can use the same key', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const stranger = await newShopper();
    const [mine, theirs] = [
      await order(shopper.token, product, 1, key),
      await order(stranger.token, product, 1, key),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect(await stockOf(product)).toBe(3);
  });
});
