import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPayment, type PaymentService } from './open-payment.ts';
import { CREATE, newIntent, REFUND_FOR_ORDER, STATUS } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.close());

describe('the payment methods', () => {
  it('are listed for everyone, and each can be used', async () => {
    const { data, errors } = await payments.asRouter(
      '{ paymentMethods { name provider kind isDefault } }',
    );
    expect(errors).toEqual([]);
    const methods = data.paymentMethods as { name: string; isDefault: boolean }[];
    expect(methods[0]).toEqual({
      name: 'sim_success',
      provider: 'simulator',
      kind: 'NAME',
      isDefault: true,
    });
    expect(methods.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    const declined = methods.find(({ name }) => name === 'sim_decline');
    expect(await payments.createIntent(newIntent({ method: declined?.name }))).toMatchObject({
      failure: { code: 'card_declined' },
    });
  });
});

describe('a payment', () => {
  it('has its method, and adds up its refunds for its order', async () => {
    const { orderId, ...intent } = newIntent({ method: 'sim_refund_chance' });
    const { id } = await payments.createIntent({ orderId, ...intent });
    const read = async (authorization: string) => {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on Order { payments { method } refundedTotal { amount currency decimal } } } }`;
      const of = [{ __typename: 'Order', id: orderId }];
      const { data } = await payments.asRouter(query, { of }, authorization);
      return data?._entities[0] as object | null;
    };
    const admin = payments.admin.authorization;
    expect(await read(admin)).toEqual({
      payments: [{ method: 'sim_refund_chance' }],
      refundedTotal: { amount: 0, currency: 'EUR', decimal: '0.00' },
    });
    let refunded = 0;
    for (const amount of [100, 200, 300, 400]) {
      const { status } = await payments.refund({ paymentId: id, amount });
      if (status === 'SUCCEEDED') refunded += amount;
    }
    expect(await read(admin)).toMatchObject({ refundedTotal: { amount: refunded } });
    const other = payments.tokens.authorize('USER').authorization;
    expect(await read(other)).toEqual({ payments: [], refundedTotal: null });
  });
});

describe('createPaymentIntent', () => {
  it('charges an order', async () => {
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

  it('charges once for concurrent requests', async () => {
    const input = newIntent();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => payments.createIntent(input)),
    );
    expect(results).toEqual(Array(20).fill(results[0]));
    expect(await payments.rowsOf(input.orderId)).toHaveLength(1);
  });

  it('returns the same decline for every repeat', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const declined = await payments.createIntent(input);
    expect(declined).toMatchObject({ status: 'FAILED', failure: { code: 'card_declined' } });
    expect(await payments.createIntent({ ...input, method: 'sim_success' })).toEqual(declined);
    expect(await payments.createIntent({ ...input, method: null })).toEqual(declined);
  });

  it('keeps the method and the amount of the first request', async () => {
    const input = newIntent({ method: 'sim_success' });
    const first = await payments.createIntent(input);
    expect(await payments.createIntent({ ...input, method: 'sim_decline', amount: 1 })).toEqual(
      first,
    );
    expect(await payments.rowsOf(input.orderId)).toMatchObject([
      { status: 'SUCCEEDED', method: 'sim_success', amount_cents: '1999' },
    ]);
  });

  it('uses one method when concurrent requests have two', async () => {
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

  it('queries the provider again while the payment is pending, with the same key', async () => {
    const input = newIntent();
    const first = await payments.createIntent(input);
    const [before] = await payments.rowsOf(input.orderId);
    await payments.database.query(
      `UPDATE payments SET status = 'PROCESSING', provider_ref = NULL, due_at = now() + interval '1 hour'
       WHERE order_id = $1`,
      [input.orderId],
    );
    expect(await payments.createIntent(input)).toEqual(first);
    expect(await payments.rowsOf(input.orderId)).toEqual([before]);
  });

  it('creates another payment for another attempt', async () => {
    const input = newIntent({ method: 'sim_decline' });
    const first = await payments.createIntent(input);
    const second = await payments.createIntent({ ...input, attempt: 2, method: 'sim_success' });
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect(second.id).not.toBe(first.id);
  });

  it('stores the largest amount exactly', async () => {
    const input = newIntent({ amount: Number.MAX_SAFE_INTEGER });
    expect((await payments.createIntent(input)).amount.amount).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    ['an unknown method', { method: 'gold' }, 'paymentMethod'],
    ['a method that is a property of Object.prototype', { method: 'constructor' }, 'paymentMethod'],
    ['an empty method', { method: '' }, 'method'],
    ['a NUL', { method: 'sim\0' }, 'method'],
    ['a negative amount', { amount: -1 }, 'amount'],
    ['an attempt of 0', { attempt: 0 }, 'attempt'],
    ['an order id that is not a UUID', { orderId: 'nonsense' }, 'orderId'],
    ['a customer id that is not a UUID', { userId: 'nonsense' }, 'userId'],
  ])('refuses %s, and stores nothing', async (_fault, fields, path) => {
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
  it('returns an attempt, and null for one that was never made', async () => {
    const input = newIntent({ method: 'sim_decline' });
    await payments.createIntent(input);
    const query = (attempt: number) =>
      payments.asOrderService(STATUS, { orderId: input.orderId, attempt });
    expect((await query(1)).data.paymentStatus).toMatchObject({
      status: 'FAILED',
      failure: { code: 'card_declined' },
    });
    expect((await query(2)).data).toEqual({ paymentStatus: null });
    expect(await payments.rowsOf(input.orderId)).toHaveLength(1);
  });
});

describe('the operations for services', () => {
  it('are forbidden for clients', async () => {
    const input = newIntent();
    const refund = { orderId: input.orderId, attempt: 1, reason: 'mine' };
    const calls = [
      [CREATE, { input }],
      [STATUS, { orderId: input.orderId, attempt: 1 }],
      [REFUND_FOR_ORDER, { input: refund }],
    ] as const;
    for (const [operation, variables] of calls) {
      for (const client of [
        undefined,
        payments.tokens.authorize(),
        payments.tokens.authorize('ADMIN'),
      ]) {
        const { errors } = await payments.asRouter(operation, variables, client?.authorization);
        expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
    expect(await payments.rowsOf(input.orderId)).toEqual([]);
  });
});
