import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, ID, refund, refundBody } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

describe('giving money back', () => {
  let rest: Rest;
  beforeAll(async () => {
    rest = await startRest();
  });
  afterAll(() => rest.close());
  const lastVariables = () => rest.router.received.at(-1)?.variables;
  const url = `/v1/payments/${ID}/refunds`;
  const body = { amount_cents: 500, reason: 'broken' };

  it('hands on how much, why, and the key', async () => {
    rest.router.respond({ refundPayment: refund });
    const headers = { 'idempotency-key': 'key-1' };
    const reply = await rest.send('POST', url, { body, headers });
    expect(reply).toMatchObject({ status: 201, headers: { location: `/v1/payments/${ID}` } });
    expect(reply.body).toEqual(refundBody);
    expect(lastVariables()).toEqual({
      input: { paymentId: ID, amount: 500, reason: 'broken', idempotencyKey: 'key-1' },
    });
  });

  it('is of all that is left without an amount, and of nothing where that is null', async () => {
    rest.router.respond({ refundPayment: refund });
    expect((await rest.send('POST', url, { body: { reason: 'broken' } })).status).toBe(201);
    expect(lastVariables()).toEqual({ input: { paymentId: ID, reason: 'broken' } });
    const sent = rest.router.received.length;
    for (const amount_cents of [null, '500', 0.5, 2 ** 53]) {
      const reply = await rest.send('POST', url, { body: { ...body, amount_cents } });
      expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'amount_cents' }] } });
    }
    expect(rest.router.received).toHaveLength(sent);
  });

  it('says the payment as the graph does, however it was spelt', async () => {
    rest.router.respond({ refundPayment: refund });
    const reply = await rest.send('POST', `/v1/payments/${ID.toUpperCase()}/refunds`, { body });
    expect(reply.body).toEqual(refundBody);
  });

  it('calls the fields that the graph refuses as the body does', async () => {
    rest.router.respond({
      refundPayment: {
        __typename: 'ValidationFailedProblem',
        code: 'VALIDATION_FAILED',
        message: 'No.',
        fields: [
          { path: 'amount', message: 'must be 1 or more' },
          { path: 'reason', message: 'must have 1 character or more' },
        ],
      },
    });
    const reply = await rest.send('POST', url, { body: { amount_cents: 0, reason: '' } });
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'amount_cents' }, { field: 'reason' }] },
    });
  });

  it.each([
    ['PaymentNotFoundProblem', 'PAYMENT_NOT_FOUND', 404, {}, {}],
    ['PaymentNotRefundableProblem', 'PAYMENT_NOT_REFUNDABLE', 409, {}, {}],
    [
      'RefundExceedsCapturedProblem',
      'REFUND_EXCEEDS_CAPTURED',
      409,
      { refundable: { amount: 98, currency: 'EUR' } },
      { refundable_cents: 98, currency: 'EUR' },
    ],
    ['IdempotencyConflictProblem', 'IDEMPOTENCY_CONFLICT', 409, {}, {}],
    ['RequestInFlightProblem', 'REQUEST_IN_FLIGHT', 409, { retryAfterSeconds: 1 }, {}],
  ])('translates %s', async (__typename, code, status, carried, extension) => {
    rest.router.respond({ refundPayment: { __typename, code, message: 'Said.', ...carried } });
    const reply = await rest.send('POST', url, { body });
    expect(reply).toMatchObject({ status, body: { code, detail: 'Said.', ...extension } });
    expect(reply.headers['retry-after']).toBe(code === 'REQUEST_IN_FLIGHT' ? '1' : undefined);
  });

  it('is for administrators', async () => {
    rest.router.respond({ refundPayment: failWith('FORBIDDEN') });
    expect(await rest.send('POST', url, { body })).toMatchObject({ status: 403 });
  });
});
