import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cancelled,
  cancelledBody,
  failWith,
  ID,
  order,
  orderBody,
  OTHER_ID,
  payment as anyPayment,
} from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

describe('paying an order', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;

  it('pays an order, with or without a body', async () => {
    const payment = { paymentId: OTHER_ID, paymentStatus: 'SUCCEEDED' };
    rest.router.respond({ payOrder: { ...order, status: 'CONFIRMED', ...payment } });
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
    const payment = { paymentId: ID, paymentStatus: 'PROCESSING' };
    rest.router.respond({ payOrder: { ...order, ...payment } });
    const reply = await rest.send('POST', `/v1/orders/${ID}/pay`);
    expect(reply).toMatchObject({
      status: 202,
      body: { status: 'PENDING', payment: { id: ID, status: 'PROCESSING' } },
    });
  });

  it('returns a result that an earlier release stored byte for byte, also when the payment changed since', async () => {
    const pay = async (status: string, payment: string) => {
      rest.router.respond({
        payOrder: { ...order, status, paymentId: null },
        order: { ...order, payments: [{ ...anyPayment, status: payment }] },
      });
      const url = `/v1/orders/${ID}/pay`;
      const headers = { 'idempotency-key': 'key-3' };
      const { statusCode, body } = await rest.app.inject({ method: 'POST', url, headers });
      return [statusCode, body];
    };
    const waiting = await pay('PENDING', 'PROCESSING');
    expect(waiting[0]).toBe(202);
    expect(await pay('PENDING', 'SUCCEEDED')).toEqual(waiting);
    const paid = await pay('CONFIRMED', 'SUCCEEDED');
    expect(paid[0]).toBe(200);
    expect(await pay('CONFIRMED', 'REFUNDED')).toEqual(paid);
  });

  it.each([
    ['can’t be read', failWith('DOWNSTREAM_SERVICE_ERROR')],
    ['is not for these eyes', failWith('UNAUTHENTICATED')],
    ['is not there', []],
  ])(
    'must be requested again while the payment of such a result %s: a key has one response',
    async (_, payments) => {
      const options = { headers: { 'idempotency-key': 'key-4' } };
      const pay = () => rest.send('POST', `/v1/orders/${ID}/pay`, options);
      const payOrder = { ...order, status: 'CONFIRMED', paymentId: null };
      rest.router.respond({ payOrder, order: { ...order, payments } });
      expect(await pay()).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
        body: { code: 'UNAVAILABLE' },
      });
      rest.router.respond({ payOrder, order: { ...order, payments: [anyPayment] } });
      expect(await pay()).toMatchObject({
        status: 200,
        body: { status: 'CONFIRMED', payment: { id: anyPayment.id, status: 'SUCCEEDED' } },
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
