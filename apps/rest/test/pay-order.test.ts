import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelled, cancelledBody, failWith, ID, order, orderBody, OTHER_ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

describe('paying an order', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('pays an order, with or without a body', async () => {
    const payments = [
      { id: ID, status: 'FAILED' },
      { id: OTHER_ID, status: 'SUCCEEDED' },
    ];
    rest.router.respond({ payOrder: { ...order, status: 'CONFIRMED', payments } });
    const headers = { 'idempotency-key': 'key-2' };
    const reply = await rest.send('POST', `/v1/orders/${ID}/pay`, {
      body: { payment_method: 'sim_success' },
      headers,
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      ...orderBody,
      status: 'CONFIRMED',
      payment: { id: OTHER_ID, status: 'SUCCEEDED' },
    });
    expect(lastVariables()).toEqual({
      input: { orderId: ID, paymentMethod: 'sim_success', idempotencyKey: 'key-2' },
    });

    const url = `/v1/orders/${ID}/pay`;
    expect((await rest.send('POST', url)).status).toBe(200);
    const typed = { 'content-type': 'application/json' };
    expect((await rest.send('POST', url, { headers: typed })).status).toBe(200);
    expect(lastVariables()).toEqual({ input: { orderId: ID } });
  });

  it('accepts a payment that is not decided', async () => {
    const payments = [{ id: ID, status: 'PROCESSING' }];
    rest.router.respond({ payOrder: { ...order, payments } });
    const reply = await rest.send('POST', `/v1/orders/${ID}/pay`);
    expect(reply).toMatchObject({
      status: 202,
      body: { status: 'PENDING', payment: { id: ID, status: 'PROCESSING' } },
    });
  });

  it('returns a stored response byte for byte, also when the payment changed since', async () => {
    const headers = { 'idempotency-key': 'key-3' };
    const pay = async (status: string, payment: string, keyed = true) => {
      rest.router.respond({
        payOrder: { ...order, status, payments: [{ id: ID, status: payment }] },
      });
      const url = `/v1/orders/${ID}/pay`;
      const { statusCode, body } = await rest.app.inject({
        method: 'POST',
        url,
        ...(keyed && { headers }),
      });
      return [statusCode, body];
    };
    const waiting = await pay('PENDING', 'PROCESSING');
    expect(waiting[0]).toBe(202);
    expect(await pay('PENDING', 'SUCCEEDED')).toEqual(waiting);
    const paid = await pay('CONFIRMED', 'SUCCEEDED');
    expect(await pay('CONFIRMED', 'REFUNDED')).toEqual(paid);
    // Under a fresh key the graph says how the payment stands now.
    rest.router.respond({
      payOrder: {
        ...order,
        status: 'CONFIRMED',
        paymentStatus: 'REFUNDED',
        payments: [{ id: ID, status: 'REFUNDED' }],
      },
    });
    const fresh = await rest.send('POST', `/v1/orders/${ID}/pay`, {
      headers: { 'idempotency-key': 'key-fresh' },
    });
    expect(fresh).toMatchObject({ status: 200, body: { payment: { status: 'REFUNDED' } } });
    // Without a key no response is stored: the payment has its current status.
    expect((await pay('CONFIRMED', 'REFUNDED', false))[1]).toContain('"REFUNDED"');
  });

  it.each([
    ['can’t be read', failWith('DOWNSTREAM_SERVICE_ERROR')],
    ['is not for these eyes', failWith('UNAUTHENTICATED')],
    ['is not there', []],
  ])(
    'must be requested again while the payment %s: a key has one response',
    async (_, payments) => {
      const options = { headers: { 'idempotency-key': 'key-4' } };
      const pay = () => rest.send('POST', `/v1/orders/${ID}/pay`, options);
      rest.router.respond({ payOrder: { ...order, status: 'CONFIRMED', payments } });
      expect(await pay()).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
        body: { code: 'UNAVAILABLE' },
      });
      const paid = [{ id: ID, status: 'SUCCEEDED' }];
      rest.router.respond({ payOrder: { ...order, status: 'CONFIRMED', payments: paid } });
      expect(await pay()).toMatchObject({
        status: 200,
        body: { status: 'CONFIRMED', payment: { id: ID, status: 'SUCCEEDED' } },
      });
    },
  );

  it('answers a declined payment with the cancelled order', async () => {
    rest.router.respond({
      payOrder: {
        __typename: 'PaymentDeclinedProblem',
        code: 'PAYMENT_DECLINED',
        message: 'Declined.',
        reason: 'card_declined',
        order: cancelled,
      },
    });
    const reply = await rest.send('POST', `/v1/orders/${ID}/pay`);
    expect(reply).toMatchObject({
      status: 402,
      body: { code: 'PAYMENT_DECLINED', reason: 'card_declined', order: cancelledBody },
    });
  });

  it('refuses to pay what is not pending, or not there', async () => {
    const code = 'ORDER_NOT_PENDING';
    rest.router.respond({
      payOrder: { __typename: 'OrderNotPendingProblem', code, message: 'No.', order: cancelled },
    });
    const ended = await rest.send('POST', `/v1/orders/${ID}/pay`);
    expect(ended).toMatchObject({ status: 409, body: { code, order: cancelledBody } });
    rest.router.respond({
      payOrder: { __typename: 'OrderNotFoundProblem', code: 'ORDER_NOT_FOUND', message: 'No.' },
    });
    const missing = await rest.send('POST', '/v1/orders/no-uuid/pay');
    expect(missing).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
  });
});
