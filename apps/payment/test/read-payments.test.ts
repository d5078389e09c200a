import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  payments = await openPayment();
});

afterAll(() => payments.close());

describe('the payments that a customer reads', () => {
  const BY_ID = 'query ($id: ID!) { payment(id: $id) { id status } }';
  const ENTITIES = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Order { id payments { id status } }
      ... on Payment { id status }
    }
  }`;

  it('are their own; an administrator reads all, another customer none', async () => {
    const owner = payments.tokens.authorize();
    const { orderId, ...rest } = newIntent({ userId: owner.viewer.id, method: 'sim_decline' });
    const { id } = await payments.createIntent({ orderId, ...rest });
    const second = await payments.createIntent({
      orderId,
      ...rest,
      attempt: 2,
      method: 'sim_success',
    });
    const representations = [
      { __typename: 'Order', id: orderId },
      { __typename: 'Payment', id },
    ];
    const seen = { id, status: 'FAILED' };

    for (const { authorization } of [owner, payments.tokens.authorize('ADMIN')]) {
      expect((await payments.asRouter(BY_ID, { id }, authorization)).data).toEqual({
        payment: seen,
      });
      const { data } = await payments.asRouter(ENTITIES, { representations }, authorization);
      const both = [seen, { id: second.id, status: 'SUCCEEDED' }];
      expect(data._entities).toEqual([{ id: orderId, payments: both }, seen]);
    }

    const stranger = payments.tokens.authorize().authorization;
    expect((await payments.asRouter(BY_ID, { id }, stranger)).data).toEqual({ payment: null });
    const { data } = await payments.asRouter(ENTITIES, { representations }, stranger);
    expect(data._entities).toEqual([{ id: orderId, payments: [] }, null]);

    const anonymous = await payments.asRouter(BY_ID, { id });
    expect(anonymous.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const anonymousByReference = await payments.asRouter(ENTITIES, { representations });
    expect(anonymousByReference.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(anonymousByReference.data)).not.toContain(id);
  });

  it('include refunds, for several payments in one query', async () => {
    const owner = payments.tokens.authorize();
    const { orderId, ...rest } = newIntent({ userId: owner.viewer.id });
    const { id } = await payments.createIntent({ orderId, ...rest });
    await payments.createIntent({ orderId, ...rest, attempt: 2 });
    await payments.refund({ paymentId: id, amount: 500, reason: 'a scratch' });
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Order { payments { refunds { status reason amount { amount } failure { code } } } }
      }
    }`;
    const representations = [{ __typename: 'Order', id: orderId }];
    const { data } = await payments.asRouter(query, { representations }, owner.authorization);
    const refund = { status: 'SUCCEEDED', reason: 'a scratch', amount: { amount: 500 } };
    expect(data._entities).toEqual([
      { payments: [{ refunds: [{ ...refund, failure: null }] }, { refunds: [] }] },
    ]);
  });

  it('are null for an unknown id, and an error for a malformed id', async () => {
    const { authorization } = payments.tokens.authorize('ADMIN');
    const unknown = await payments.asRouter(BY_ID, { id: randomUUID() }, authorization);
    expect(unknown.data).toEqual({ payment: null });
    const nonsense = await payments.asRouter(BY_ID, { id: "' OR 1=1" }, authorization);
    expect(nonsense.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('the payment database', () => {
  it.each([
    ['a negative amount', 'SET amount_cents = -1', 'payments_amount_cents_check'],
    ['FAILED without a failure code', "SET status = 'FAILED'", 'payments_failure_check'],
    ['a failure code without FAILED', "SET failure_code = 'x'", 'payments_failure_check'],
  ])('refuses %s', async (_fault, change, constraint) => {
    const { orderId } = newIntent();
    await payments.createIntent(newIntent({ orderId }));
    await expect(
      payments.database.query(`UPDATE payments ${change} WHERE order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ constraint });
  });
});
