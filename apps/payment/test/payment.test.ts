import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CREATE,
  newIntent,
  openPayments,
  PAYMENT,
  REFUND_FOR_ORDER,
  type Payments,
} from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  payments = await openPayments();
});

afterAll(() => payments.close());

const STATUS = `query ($orderId: ID!, $attempt: Int!) {
  paymentStatus(orderId: $orderId, attempt: $attempt) { ${PAYMENT} }
}`;

describe('createPaymentIntent', () => {
  it('takes the money of an order', async () => {
    const input = newIntent();
    expect(await payments.createIntent(input)).toMatchObject({
      __typename: 'Payment',
      status: 'SUCCEEDED',
      amount: { amount: 1999, currency: 'EUR' },
      provider: 'simulator',
      failure: null,
      order: { id: input.orderId },
    });
  });

  it('takes it once, however often and at once it is asked', async () => {
    const input = newIntent();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => payments.createIntent(input)),
    );
    expect(results).toEqual(Array(20).fill(results[0]));
    expect(await payments.rowsOf(input.orderId)).toHaveLength(1);
  });

  it('says why the provider declined, and goes on saying so', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const declined = await payments.createIntent(input);
    expect(declined).toMatchObject({ status: 'FAILED', failure: { code: 'card_declined' } });
    expect(await payments.createIntent({ ...input, method: 'sim_success' })).toEqual(declined);
    expect(await payments.createIntent({ ...input, method: null })).toEqual(declined);
  });

  it('keeps method and amount of the first who asked, and charges no second time', async () => {
    const input = newIntent({ method: 'sim_success' });
    const first = await payments.createIntent(input);
    expect(await payments.createIntent({ ...input, method: 'sim_decline', amount: 1 })).toEqual(
      first,
    );
    expect(await payments.rowsOf(input.orderId)).toMatchObject([
      { status: 'SUCCEEDED', method: 'sim_success', amount_cents: '1999' },
    ]);
  });

  it('lets one method win when two ask at once', async () => {
    const input = newIntent();
    const methods = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? 'sim_success' : 'sim_decline',
    );
    const results = await Promise.all(
      methods.map((method) => payments.createIntent({ ...input, method })),
    );
    expect(new Set(results.map((payment) => payment.id)).size).toBe(1);
    const [row, ...others] = await payments.rowsOf(input.orderId);
    expect(others).toEqual([]);
    expect(row?.status).toBe(row?.method === 'sim_success' ? 'SUCCEEDED' : 'FAILED');
    expect(new Set(results.map((payment) => payment.status))).toEqual(new Set([row?.status]));
  });

  it('asks the provider again while it has not decided, with the same key', async () => {
    const input = newIntent();
    const first = await payments.createIntent(input);
    const [before] = await payments.rowsOf(input.orderId);
    await payments.database.query(
      "UPDATE payments SET status = 'PROCESSING', provider_ref = NULL WHERE order_id = $1",
      [input.orderId],
    );
    expect(await payments.createIntent(input)).toEqual(first);
    expect(await payments.rowsOf(input.orderId)).toEqual([before]);
  });

  it('counts another attempt as another payment', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const first = await payments.createIntent(input);
    const second = await payments.createIntent({ ...input, attempt: 2, method: 'sim_success' });
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect(second.id).not.toBe(first.id);
  });

  it('keeps the largest amount exactly', async () => {
    const input = newIntent({ amount: Number.MAX_SAFE_INTEGER });
    expect((await payments.createIntent(input)).amount.amount).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    ['a method that nobody knows', { method: 'gold' }, 'paymentMethod'],
    ['a method that is a name of the language', { method: 'constructor' }, 'paymentMethod'],
    ['no method at all', { method: '' }, 'method'],
    ['a NUL', { method: 'sim\0' }, 'method'],
    ['an amount below nothing', { amount: -1 }, 'amount'],
    ['an attempt before the first', { attempt: 0 }, 'attempt'],
    ['an order that is no id', { orderId: 'nonsense' }, 'orderId'],
    ['a customer who is no id', { userId: 'nonsense' }, 'userId'],
  ])('refuses %s, and keeps nothing', async (_fault, fields, path) => {
    const input = newIntent(fields);
    expect(await payments.createIntent(input)).toMatchObject({
      __typename: 'ValidationFailedProblem',
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
    expect(await payments.rowsOf(input.orderId)).toEqual([]);
  });
});

describe('paymentStatus', () => {
  it('tells what became of an attempt, and null of one that was never made', async () => {
    const input = newIntent({ method: 'sim_decline' });
    await payments.createIntent(input);
    const ask = (attempt: number) =>
      payments.asOrderService(STATUS, { orderId: input.orderId, attempt });
    expect((await ask(1)).data.paymentStatus).toMatchObject({
      status: 'FAILED',
      failure: { code: 'card_declined' },
    });
    expect((await ask(2)).data).toEqual({ paymentStatus: null });
    expect(await payments.rowsOf(input.orderId)).toHaveLength(1);
  });
});

describe('what moves money', () => {
  it('answers sister services only', async () => {
    const input = newIntent();
    const refund = { orderId: input.orderId, attempt: 1, reason: 'mine' };
    const calls = [
      [CREATE, { input }],
      [STATUS, { orderId: input.orderId, attempt: 1 }],
      [REFUND_FOR_ORDER, { input: refund }],
    ] as const;
    for (const [operation, variables] of calls) {
      for (const who of [
        undefined,
        payments.tokens.authorize(),
        payments.tokens.authorize('ADMIN'),
      ]) {
        const { errors } = await payments.asRouter(operation, variables, who?.authorization);
        expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
    expect(await payments.rowsOf(input.orderId)).toEqual([]);
  });
});
