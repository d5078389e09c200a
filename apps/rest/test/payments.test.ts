import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ID, OTHER_ID, refund, refundBody, TIME } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const payment = {
  id: ID,
  status: 'FAILED',
  amount: { amount: 2598, currency: 'EUR' },
  provider: 'simulator',
  failure: { code: 'card_declined' },
  refunds: [],
  order: { id: OTHER_ID },
  createdAt: TIME,
};

const paymentBody = {
  id: ID,
  order_id: OTHER_ID,
  status: 'FAILED',
  amount_cents: 2598,
  currency: 'EUR',
  provider: 'simulator',
  failure: { code: 'card_declined' },
  refunds: [],
  created_at: TIME,
};

describe('payments', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());

  it('answers one payment', async () => {
    rest.router.respond({ payment });
    const reply = await rest.send('GET', `/v1/payments/${ID}`);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(paymentBody);
  });

  it('leaves out a failure that there is not', async () => {
    rest.router.respond({ payment: { ...payment, status: 'SUCCEEDED', failure: null } });
    const { body } = await rest.send('GET', `/v1/payments/${ID}`);
    expect(body).not.toHaveProperty('failure');
  });

  it('returns its refunds', async () => {
    const failed = { ...refund, status: 'FAILED', failure: { code: 'refund_declined' } };
    rest.router.respond({ payment: { ...payment, refunds: [refund, failed] } });
    const { body } = await rest.send('GET', `/v1/payments/${ID}`);
    expect(body['refunds']).toEqual([
      refundBody,
      { ...refundBody, status: 'FAILED', failure: { code: 'refund_declined' } },
    ]);
  });

  it.each([[ID], ['no-uuid']])('does not find the payment %s', async (id) => {
    rest.router.respond({ payment: null });
    const reply = await rest.send('GET', `/v1/payments/${id}`);
    expect(reply).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', detail: 'There is no such payment.' },
    });
  });
});
