import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, payment, paymentBody, refund, refundBody } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

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

  it('omits an absent failure', async () => {
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

  it('lists the refunds alone', async () => {
    rest.router.respond({ payment: { ...payment, refunds: [refund] } });
    const { status, body } = await rest.send('GET', `/v1/payments/${ID}/refunds`);
    expect([status, body]).toEqual([200, { data: [refundBody] }]);
  });

  it('lists how an order can be paid, for everyone', async () => {
    const method = { name: 'sim_success', provider: 'simulator', kind: 'NAME' };
    rest.router.respond({ paymentMethods: [{ ...method, isDefault: true }] });
    const { status, body } = await rest.send('GET', '/v1/payment-methods');
    expect([status, body]).toEqual([200, { data: [{ ...method, is_default: true }] }]);
    rest.router.respond({ paymentMethods: failWith('DOWNSTREAM_SERVICE_ERROR') });
    expect(await rest.send('GET', '/v1/payment-methods')).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    });
  });

  it.each([[ID], ['no-uuid']])('does not find the payment %s', async (id) => {
    rest.router.respond({ payment: null });
    for (const path of ['', '/refunds']) {
      expect(await rest.send('GET', `/v1/payments/${id}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND', detail: 'There is no such payment.' },
      });
    }
  });

  it('of an order are listed, and those that cannot be read are not said to be none', async () => {
    const url = `/v1/orders/${ID}/payments`;
    const refundedTotal = { amount: 500, currency: 'EUR' };
    rest.router.respond({ order: { id: ID, payments: [payment], refundedTotal } });
    const { status, body } = await rest.send('GET', url);
    expect([status, body]).toEqual([200, { data: [paymentBody], refunded_cents: 500 }]);
    rest.router.respond({ order: { id: ID, payments: [] } });
    expect((await rest.send('GET', url)).body).toEqual({ data: [] });
    rest.router.respond({ order: null });
    expect(await rest.send('GET', url)).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    rest.router.respond({ order: { id: ID, payments: failWith('DOWNSTREAM_SERVICE_ERROR') } });
    expect(await rest.send('GET', url)).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    });
  });
});
