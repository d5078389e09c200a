import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newIntent, openPayments, type Payments } from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  payments = await openPayments();
});

afterAll(() => payments.close());

describe('what a customer sees', () => {
  const BY_ID = 'query ($id: ID!) { payment(id: $id) { id status } }';
  const ENTITIES = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Order { id payments { id status } }
      ... on Payment { id status }
    }
  }`;

  it('is their own payments; an administrator sees any, a stranger none', async () => {
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

    const nobody = await payments.asRouter(BY_ID, { id });
    expect(nobody.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const nobodyByReference = await payments.asRouter(ENTITIES, { representations });
    expect(nobodyByReference.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(nobodyByReference.data)).not.toContain(id);
  });

  it('includes what was given back, and of other payments in the same breath', async () => {
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

  it('is null for an unknown payment, and a refusal for an id that is none', async () => {
    const { authorization } = payments.tokens.authorize('ADMIN');
    const unknown = await payments.asRouter(BY_ID, { id: randomUUID() }, authorization);
    expect(unknown.data).toEqual({ payment: null });
    const nonsense = await payments.asRouter(BY_ID, { id: "' OR 1=1" }, authorization);
    expect(nonsense.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('the payment database', () => {
  it.each([
    ['an amount below nothing', 'SET amount_cents = -1', 'payments_amount_cents_check'],
    ['a failure without a reason', "SET status = 'FAILED'", 'payments_failure_check'],
    ['a reason without a failure', "SET failure_code = 'x'", 'payments_failure_check'],
  ])('refuses %s, whoever writes it', async (_fault, change, constraint) => {
    const { orderId } = newIntent();
    await payments.createIntent(newIntent({ orderId }));
    await expect(
      payments.database.query(`UPDATE payments ${change} WHERE order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ constraint });
  });
});
