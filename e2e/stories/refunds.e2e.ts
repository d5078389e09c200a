import { beforeAll, describe, expect, it } from 'vitest';
import { pay, paymentOf, paymentsOf, placeOrder, refund } from '../testkit/orders.ts';
import { admin, newShopper, type Account } from '../testkit/accounts.ts';
import { problem } from '../testkit/rest.ts';

let shopper: Account;
let administrator: Account;

beforeAll(async () => {
  [shopper, administrator] = await Promise.all([newShopper(), admin()]);
});

/** Pays an order of 30.00. @returns the id of the payment */
const buy = async (method?: string): Promise<string> => {
  const { id } = await placeOrder(shopper.token, { qty: 2 });
  await pay(shopper.token, id, method);
  const [paymentId = ''] = await paymentsOf(shopper.token, id);
  return paymentId;
};

describe('a refund', () => {
  it('of the whole payment leaves nothing for another refund', async () => {
    const paymentId = await buy();
    const given = await refund(administrator.token, paymentId);
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
    expect((await refund(administrator.token, paymentId, 1)).status).toBe(409);
    expect((await paymentOf(shopper.token, paymentId)).refunds).toHaveLength(1);
  });

  it('of a part leaves the rest, and a refund of more names the rest', async () => {
    const paymentId = await buy();
    const first = await refund(administrator.token, paymentId, 1000);
    expect(first).toMatchObject({ status: 201, body: { amount_cents: 1000 } });
    expect(await paymentOf(shopper.token, paymentId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [first.body],
    });
    expect(await refund(administrator.token, paymentId, 2001)).toMatchObject(
      problem(409, 'REFUND_EXCEEDS_CAPTURED', { refundable_cents: 2000, currency: 'EUR' }),
    );
    const rest = await refund(administrator.token, paymentId);
    expect(rest).toMatchObject({ status: 201, body: { amount_cents: 2000 } });
    expect(await paymentOf(shopper.token, paymentId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [first.body, rest.body],
    });
  });

  it('never exceeds what was captured, also when many are requested concurrently', async () => {
    const paymentId = await buy();
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => refund(administrator.token, paymentId, 700)),
    );
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(4);
    for (const { status, body } of responses.filter((response) => response.status !== 201)) {
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'REFUND_EXCEEDS_CAPTURED' });
    }
    const { refunds } = await paymentOf(shopper.token, paymentId);
    const given = refunds.map(({ amount_cents }: { amount_cents: number }) => amount_cents);
    expect(given).toEqual([700, 700, 700, 700]);
  });

  it('that the provider declines is reported, and leaves the payment as it was', async () => {
    const paymentId = await buy('sim_refund_failure');
    expect(await refund(administrator.token, paymentId, 1000)).toMatchObject({
      status: 201,
      body: { status: 'FAILED', failure: { code: 'refund_declined' } },
    });
    expect(await refund(administrator.token, paymentId, 3001)).toMatchObject({
      body: { code: 'REFUND_EXCEEDS_CAPTURED', refundable_cents: 3000 },
    });
  });

  it('is refused when nothing was captured', async () => {
    const paymentId = await buy('sim_decline');
    expect(await refund(administrator.token, paymentId)).toMatchObject(
      problem(409, 'PAYMENT_NOT_REFUNDABLE'),
    );
  });

  it('is refused for customers, for unknown payments, and for amounts below one cent', async () => {
    const paymentId = await buy();
    expect(await refund(shopper.token, paymentId)).toMatchObject(problem(403, 'FORBIDDEN'));
    expect((await paymentOf(shopper.token, paymentId)).refunds).toEqual([]);
    for (const id of ['01890000-0000-7000-8000-000000000000', 'none']) {
      expect(await refund(administrator.token, id)).toMatchObject(
        problem(404, 'PAYMENT_NOT_FOUND'),
      );
    }
    for (const amount of [0, -1]) {
      const { status, body } = await refund(administrator.token, paymentId, amount);
      expect([amount, status, body.errors?.[0].field]).toEqual([amount, 422, 'amount_cents']);
    }
  });
});
