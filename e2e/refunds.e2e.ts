import { beforeAll, describe, expect, it } from '@jest/globals';
import { order, pay, paymentOf, paymentsOf, refund } from './testkit/orders.ts';
import { admin, newShopper, type Person } from './testkit/people.ts';
import { newProduct } from './testkit/products.ts';

let shopper: Person;
let boss: Person;

beforeAll(async () => {
  [shopper, boss] = await Promise.all([newShopper(), admin()]);
});

/** Pays for something worth 30.00. @returns the id of the payment */
const buy = async (method?: string): Promise<string> => {
  const product = await newProduct({ stock: 5, price_cents: 1500 });
  const { body } = await order(shopper.token, product, 2);
  await pay(shopper.token, body.id, method);
  const [paymentId = ''] = await paymentsOf(shopper.token, body.id);
  return paymentId;
};

describe('a refund', () => {
  it('of all is all, and there is nothing left for another', async () => {
    const paymentId = await buy();
    const given = await refund(boss.token, paymentId);
    expect(given).toMatchObject({
      status: 201,
      body: {
        payment_id: paymentId,
        status: 'SUCCEEDED',
        amount_cents: 3000,
        currency: 'EUR',
        reason: 'broken',
      },
    });
    expect(await paymentOf(shopper.token, paymentId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [given.body],
    });
    expect((await refund(boss.token, paymentId, 1)).status).toBe(409);
    expect((await paymentOf(shopper.token, paymentId)).refunds).toHaveLength(1);
  });

  it('of a part leaves the rest, which is said where more is asked for', async () => {
    const paymentId = await buy();
    const first = await refund(boss.token, paymentId, 1000);
    expect(first).toMatchObject({ status: 201, body: { amount_cents: 1000 } });
    expect(await paymentOf(shopper.token, paymentId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [first.body],
    });
    expect(await refund(boss.token, paymentId, 2001)).toMatchObject({
      status: 409,
      body: { code: 'REFUND_EXCEEDS_CAPTURED', refundable_cents: 2000, currency: 'EUR' },
    });
    const rest = await refund(boss.token, paymentId);
    expect(rest).toMatchObject({ status: 201, body: { amount_cents: 2000 } });
    expect(await paymentOf(shopper.token, paymentId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [first.body, rest.body],
    });
  });

  it('is never of more than was taken, however many are asked for at once', async () => {
    const paymentId = await buy();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refund(boss.token, paymentId, 700)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
    for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'REFUND_EXCEEDS_CAPTURED' });
    }
    const { refunds } = await paymentOf(shopper.token, paymentId);
    const given = refunds.map(({ amount_cents }: { amount_cents: number }) => amount_cents);
    expect(given).toEqual([700, 700, 700, 700]);
  });

  it('that the provider declines is told, and can be given in another way', async () => {
    const paymentId = await buy('sim_refund_failure');
    expect(await refund(boss.token, paymentId, 1000)).toMatchObject({
      status: 201,
      body: { status: 'FAILED', failure: { code: 'refund_declined' } },
    });
    expect(await refund(boss.token, paymentId, 3001)).toMatchObject({
      body: { code: 'REFUND_EXCEEDS_CAPTURED', refundable_cents: 3000 },
    });
  });

  it('is not of money that was not taken', async () => {
    const paymentId = await buy('sim_decline');
    expect(await refund(boss.token, paymentId)).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_NOT_REFUNDABLE' },
    });
  });

  it('is given by administrators alone, of payments that there are', async () => {
    const paymentId = await buy();
    expect(await refund(shopper.token, paymentId)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await paymentOf(shopper.token, paymentId)).refunds).toEqual([]);
    for (const id of ['01890000-0000-7000-8000-000000000000', 'none']) {
      expect(await refund(boss.token, id)).toMatchObject({
        status: 404,
        body: { code: 'PAYMENT_NOT_FOUND' },
      });
    }
    for (const amount of [0, -1]) {
      const { status, body } = await refund(boss.token, paymentId, amount);
      expect([amount, status, body.errors?.[0].field]).toEqual([amount, 422, 'amount_cents']);
    }
  });
});
