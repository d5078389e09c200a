import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPayment, type PaymentService } from './open-payment.ts';
import { CLOSE, newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.closeBalanced());

const chargesOf = (orderId: string) =>
  payments.database.query('SELECT 1 FROM simulator_charges WHERE idempotency_key LIKE $1', [
    `${orderId}:%`,
  ]);

describe('closePayment', () => {
  it('of an attempt without a payment prevents its charge', async () => {
    const input = newIntent();
    expect(await payments.closeAttempt(input)).toBeNull();
    expect(await payments.closeAttempt(input)).toBeNull();
    expect(await payments.createIntent(input)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'not_started' },
    });
    expect(await chargesOf(input.orderId)).toEqual([]);
    const { id } = await payments.createIntent(input);
    expect(await payments.eventsOf(id)).toEqual([]);
  });

  it('closes one attempt, not the order', async () => {
    const input = newIntent();
    expect(await payments.closeAttempt(input)).toBeNull();
    const second = { ...input, attempt: 2 };
    expect(await payments.createIntent(second)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.closeAttempt(second)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    ['sim_success', 'SUCCEEDED'],
    ['sim_decline', 'FAILED'],
    ['sim_late_success', 'PROCESSING'],
  ])('returns a payment with %s unchanged', async (method, status) => {
    const input = newIntent({ method });
    const { id } = await payments.createIntent(input);
    expect(await payments.closeAttempt({ ...input, method: undefined })).toMatchObject({
      id,
      status,
    });
  });

  it('or createPaymentIntent is first: an attempt is closed or charged, never both', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const input = newIntent();
        const [closed, created] = await Promise.all([
          payments.closeAttempt(input),
          payments.createIntent(input),
        ]);
        const charges = await chargesOf(input.orderId);
        return { closed: closed === null, status: created.status, charges: charges.length };
      }),
    );
    for (const result of results) {
      expect([
        { closed: true, status: 'FAILED', charges: 0 },
        { closed: false, status: 'SUCCEEDED', charges: 1 },
      ]).toContainEqual(result);
    }
  });

  it('is for services of the shop', async () => {
    const { errors } = await payments.asRouter(CLOSE, { input: newIntent() });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    await expect(payments.closeAttempt(newIntent({ attempt: 0 }))).rejects.toThrow();
  });
});

describe('a closed attempt', () => {
  it('is no payment, and no query returns it', async () => {
    const owner = payments.tokens.authorize();
    const input = newIntent({ userId: owner.viewer.id });
    await payments.closeAttempt(input);
    const { id } = await payments.createIntent(input);
    expect(await payments.findAttempt(input.orderId)).toBeNull();
    expect(await payments.refundForOrder(input.orderId)).toBeNull();
    const query = `query ($id: ID!, $representations: [_Any!]!) {
      payment(id: $id) { id }
      _entities(representations: $representations) {
        ... on Order { payments { id } }
        ... on Payment { status }
      }
    }`;
    const representations = [
      { __typename: 'Order', id: input.orderId },
      { __typename: 'Payment', id },
    ];
    for (const { authorization } of [owner, payments.admin]) {
      const { data } = await payments.asRouter(query, { id, representations }, authorization);
      expect(data).toEqual({ payment: null, _entities: [{ payments: [] }, null] });
    }
  });
});
