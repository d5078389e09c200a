import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './testkit/eventually.ts';
import { cancel, order, orderOf, pay, paymentOf, paymentsOf, refund } from './testkit/orders.ts';
import { admin, newShopper, type Person } from './testkit/people.ts';
import { newProduct, stockOf } from './testkit/products.ts';
import type { RestAnswer } from './testkit/rest.ts';

let shopper: Person;
let boss: Person;

beforeAll(async () => {
  [shopper, boss] = await Promise.all([newShopper(), admin()]);
});

/** What a client can compare: all but the headers that are about the one request. */
const said = ({ status, text, headers }: RestAnswer) => ({
  status,
  text,
  location: headers.get('location'),
});

/** Sends the same three times at once and once more. @returns the one answer that they all got */
const sendAll = async (send: () => Promise<RestAnswer>): Promise<RestAnswer> => {
  const answers = await Promise.all([send(), send(), send()]);
  const first = answers.find(({ status }) => status !== 409);
  if (!first) throw new Error('nobody got an answer');
  for (const answer of answers) {
    // One that comes while another is worked on may be told to come back.
    if (answer.status !== 409) expect(said(answer)).toEqual(said(first));
    else {
      expect(answer.body.code).toBe('REQUEST_IN_FLIGHT');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(said(await send())).toEqual(said(first));
  return first;
};

describe('the same key and body get the same answer, byte for byte', () => {
  it('of an order, whatever became of it', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const send = () => order(shopper.token, product, 2, key);
    const placed = await sendAll(send);
    expect(placed.status).toBe(201);
    expect(await stockOf(product)).toBe(3);
    await cancel(shopper.token, placed.body.id);
    expect(said(await send())).toEqual(said(placed));
    expect(await stockOf(product)).toBe(5);
  });

  it('of a payment, also after its money went back', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const { body } = await order(shopper.token, product);
    const send = () => pay(shopper.token, body.id, 'sim_success', key);
    const paid = await sendAll(send);
    expect(paid).toMatchObject({ status: 200, body: { payment: { status: 'SUCCEEDED' } } });
    expect(await paymentsOf(shopper.token, body.id)).toEqual([paid.body.payment.id]);
    await refund(boss.token, paid.body.payment.id);
    expect(said(await send())).toEqual(said(paid));
    // Another request is told how the payment stands now, with a key of its own or without.
    for (const fresh of [randomUUID(), undefined]) {
      expect(await pay(shopper.token, body.id, 'sim_success', fresh)).toMatchObject({
        status: 200,
        body: { status: 'CONFIRMED', payment: { status: 'REFUNDED' } },
      });
    }
  });

  it('of a payment that was not decided, also when it is', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const { body } = await order(shopper.token, product);
    const send = () => pay(shopper.token, body.id, 'sim_late_success', key);
    const accepted = await sendAll(send);
    expect(accepted).toMatchObject({
      status: 202,
      body: { status: 'PENDING', payment: { status: 'PROCESSING' } },
    });
    await eventually(async () => {
      expect((await orderOf(shopper.token, body.id)).status).toBe('CONFIRMED');
    });
    expect(said(await send())).toEqual(said(accepted));
    // Under another name it is another request, about an order that is paid.
    expect((await pay(shopper.token, body.id, 'sim_success', randomUUID())).status).toBe(200);
    expect(await paymentsOf(shopper.token, body.id)).toHaveLength(1);
  });

  it('of a refund, which is given once', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5, price_cents: 3000 });
    const { body } = await order(shopper.token, product);
    const { payment } = (await pay(shopper.token, body.id)).body;
    const given = await sendAll(() => refund(boss.token, payment.id, 1000, key));
    expect(given).toMatchObject({ status: 201, body: { amount_cents: 1000 } });
    expect((await paymentOf(shopper.token, payment.id)).refunds).toEqual([given.body]);
  });

  it('of a cancellation', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5 });
    const { body } = await order(shopper.token, product);
    const cancelled = await sendAll(() => cancel(shopper.token, body.id, 'enough', key));
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
  });
});

describe('a key', () => {
  it('with another body is a conflict, and does nothing', async () => {
    const key = randomUUID();
    const product = await newProduct({ stock: 5, price_cents: 3000 });
    const { body } = await order(shopper.token, product, 1, key);
    const { payment } = (await pay(shopper.token, body.id, 'sim_success', key)).body;
    await refund(boss.token, payment.id, 1000, key);
    const conflicts = await Promise.all([
      order(shopper.token, product, 2, key),
      pay(shopper.token, body.id, 'sim_decline', key),
      refund(boss.token, payment.id, 1001, key),
    ]);
    for (const { status, body: problem } of conflicts) {
      expect([status, problem.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    }
    expect(await stockOf(product)).toBe(4);
    expect((await paymentOf(shopper.token, payment.id)).refunds).toHaveLength(1);
  });

  it('is its owner’s: of somebody else it is another one', async () => {
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
