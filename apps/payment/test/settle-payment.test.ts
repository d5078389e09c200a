import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payment } from '../src/domain/payment.ts';
import { newPayment } from './new-payment.ts';
import { openStores, type Stores } from './open-stores.ts';

let stores: Stores;
let testDatabase: Stores['testDatabase'];
let payments: Stores['payments'];
let refunds: Stores['refunds'];

beforeAll(async () => {
  stores = await openStores();
  ({ testDatabase, payments, refunds } = stores);
});

afterAll(() => stores.close());

const open = async (): Promise<Payment> => (await payments.insertPayment(newPayment())).payment;

const succeeded = (reference: string) => ({ status: 'SUCCEEDED', reference }) as const;
const failed = (reference: string) =>
  ({ status: 'FAILED', reference, failureCode: 'declined' }) as const;

/** What a row says about when it is due; the seconds are rounded to 20, for a machine that is busy. */
const dueOf = async (table: string, id: string) => {
  const [row] = await testDatabase.query(
    `SELECT (round(extract(epoch FROM due_at - now()) / 20) * 20)::int AS seconds, due_attempts AS attempts,
       due_since AS since, due_error AS error, dead_at AS dead
     FROM ${table} WHERE ${table === 'refund_debts' ? 'payment_id' : 'id'} = $1`,
    [id],
  );
  return row;
};

const notDue = { seconds: null, attempts: 0, since: null, error: null, dead: null };

/** As a sweeper that has claimed the row, after failures. */
const claim = (table: string, id: string) =>
  testDatabase.query(
    `UPDATE ${table} SET due_at = now() + interval '20 s', due_attempts = 3, due_error = 'x',
       due_since = now() - interval '1 hour'
     WHERE ${table === 'refund_debts' ? 'payment_id' : 'id'} = $1`,
    [id],
  );

const newRefund = (paymentId: string, amount: number | null = null) => {
  const id = randomUUID();
  const key = `request:${id}`;
  return { id, paymentId, amount, reason: 'x', key, requestedBy: 'admin' };
};

const refundingOf = async (id: string) => (await payments.findPayments([id]))[0]?.refunding;

describe('settlePayment', () => {
  it('settles a payment once, and leaves nothing to do when its request has the outcome', async () => {
    const payment = await open();
    const { id } = payment;
    expect(await payments.settlePayment(payment, succeeded('r1'), false)).toMatchObject({
      status: 'SUCCEEDED',
      reference: 'r1',
      capturedAt: expect.any(Date),
      notifyAt: null,
    });
    for (const outcome of [failed('r2'), succeeded('r3')]) {
      expect(await payments.settlePayment(payment, outcome, true)).toMatchObject({
        status: 'SUCCEEDED',
        reference: 'r1',
        failure: null,
      });
    }
    expect(await dueOf('payments', id)).toEqual(notDue);
  });

  it('makes the notification of the order service due, and ends the present step', async () => {
    const payment = await open();
    await claim('payments', payment.id);
    const settled = await payments.settlePayment(payment, failed('n1'), true);
    expect(settled).toMatchObject({ status: 'FAILED', notifyAt: expect.any(Date) });
    expect(await dueOf('payments', payment.id)).toEqual({ ...notDue, seconds: 0 });
    const pollAt = new Date(Date.now() + 600_000);
    await payments.markNotified(payment.id, pollAt);
    expect(await payments.findPayments([payment.id])).toMatchObject([{ notifyAt: null }]);
    expect(await dueOf('payments', payment.id)).toEqual({ ...notDue, seconds: 600 });
    await payments.markNotified(payment.id, null);
    expect(await dueOf('payments', payment.id)).toEqual({ ...notDue, seconds: 600 });
  });

  it('stores the first reference of a pending payment', async () => {
    const payment = await open();
    for (const reference of ['p1', 'p2']) {
      const outcome = { status: 'PROCESSING', reference } as const;
      const settled = await payments.settlePayment(payment, outcome, false);
      expect(settled).toMatchObject({ status: 'PROCESSING', reference: 'p1' });
    }
  });

  it('polls a decline after ten minutes, and owes money that is captured later, once', async () => {
    const payment = await open();
    const { id } = payment;
    const declined = await payments.settlePayment(payment, failed('d1'), false);
    expect(declined).toMatchObject({ status: 'FAILED', notifyAt: null });
    expect(await dueOf('payments', id)).toEqual({ ...notDue, seconds: 600 });
    const late = await payments.settlePayment(payment, succeeded('d2'), true);
    expect(late).toMatchObject({ status: 'FAILED', reference: 'd2', refunding: 1_000 });
    expect(await payments.settlePayment(payment, succeeded('d3'), true)).toEqual(late);
    expect(await refunds.findRefundsOfPayments([id])).toMatchObject([
      { status: 'PROCESSING', amount: { amount: 1_000 }, requestedBy: 'payment' },
    ]);
  });
});

describe('settleRefund', () => {
  const insert = async (paymentId: string, amount: number | null = null) => {
    const result = await refunds.insertRefund(newRefund(paymentId, amount), new Date());
    if (result.kind !== 'stored') throw new Error(result.kind);
    return result.refund.id;
  };

  it('counts an outcome once', async () => {
    const payment = await open();
    const { id } = payment;
    await payments.settlePayment(payment, succeeded('a1'), false);
    const [refunded, declined] = [await insert(id, 300), await insert(id, 200)];
    for (let time = 0; time < 2; time += 1) {
      await refunds.settleRefund(refunded, succeeded('g1'));
      await refunds.settleRefund(declined, failed('g2'));
      expect(await refundingOf(id)).toBe(300);
    }
    // A decline is final.
    expect(await refunds.settleRefund(declined, succeeded('g2'))).toMatchObject({
      status: 'FAILED',
    });
    expect(await refundingOf(id)).toBe(300);
  });

  it('reverts a refund that was returned', async () => {
    const payment = await open();
    const { id } = payment;
    await payments.settlePayment(payment, succeeded('b1'), false);
    const refund = await insert(id);
    await refunds.settleRefund(refund, succeeded('h1'));
    expect(await payments.findPayments([id])).toMatchObject([{ status: 'REFUNDED' }]);
    for (let time = 0; time < 2; time += 1) {
      await refunds.settleRefund(refund, failed('h1'));
      expect(await payments.findPayments([id])).toMatchObject([
        { status: 'SUCCEEDED', refunding: 0 },
      ]);
    }
    expect(await dueOf('refund_debts', id)).toBeUndefined();
    expect(await dueOf('refunds', refund)).toEqual(notDue);
  });

  it('makes the next refund of an owed payment due, one at a time', async () => {
    const payment = await open();
    const { id } = payment;
    await payments.settlePayment(payment, succeeded('c1'), false);
    const debt = { paymentId: id, reason: 'x', requestedBy: 'order' } as const;
    const first = await refunds.oweRefund(debt, new Date());
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await refunds.repayDebt(id, new Date())).toBeNull();
    await refunds.settleRefund(first?.id ?? '', failed('i1'));
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await dueOf('refund_debts', id)).toEqual({ ...notDue, seconds: 60 });
    // A debt that waits keeps its time, one that is being processed is due again.
    await testDatabase.query("UPDATE refund_debts SET due_at = now() + interval '20 s'");
    const another = await refunds.repayDebt(id, new Date());
    await refunds.settleRefund(another?.id ?? '', failed('i3'));
    expect(await dueOf('refund_debts', id)).toEqual({ ...notDue, seconds: 20 });
    await claim('refund_debts', id);
    const second = await refunds.repayDebt(id, new Date());
    expect(second).toMatchObject({ amount: { amount: 1_000 }, requestedBy: 'order' });
    await refunds.settleRefund(second?.id ?? '', succeeded('i2'));
    expect(await refunds.findDebt(id)).toMatchObject({ left: 0 });
    expect(await refunds.repayDebt(id, new Date())).toBeNull();
    // The refund was returned, so the amount is owed again.
    await refunds.settleRefund(second?.id ?? '', failed('i2'));
    expect(await dueOf('refund_debts', id)).toEqual({ ...notDue, seconds: 60 });
    expect(await refunds.findDebt(id)).toMatchObject({ left: 1_000 });
  });

  it('is made again after it was returned, although it was owed only after it was made', async () => {
    const payment = await open();
    const { id } = payment;
    await payments.settlePayment(payment, succeeded('d1'), false);
    const refund = await insert(id);
    await refunds.settleRefund(refund, succeeded('j1'));
    const debt = { paymentId: id, reason: 'x', requestedBy: 'order' } as const;
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await dueOf('refund_debts', id)).toEqual(notDue);
    await refunds.settleRefund(refund, failed('j1'));
    expect(await dueOf('refund_debts', id)).toEqual({ ...notDue, seconds: 60 });
    expect(await refunds.repayDebt(id, new Date())).toMatchObject({ amount: { amount: 1_000 } });
  });

  it('needs captured money that is not refunded yet', async () => {
    const payment = await open();
    const { id } = payment;
    expect(await refunds.insertRefund(newRefund(id), new Date())).toEqual({ kind: 'not captured' });
    const debt = { paymentId: id, reason: 'x', requestedBy: 'order' } as const;
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await refunds.findDebt(id)).toBeNull();
    await payments.settlePayment(payment, succeeded('e1'), false);
    const refund = newRefund(id, 1_000);
    const stored = await refunds.insertRefund(refund, new Date());
    expect(stored.kind).toBe('stored');
    expect(await refunds.insertRefund(refund, new Date())).toEqual(stored);
    expect(await refunds.insertRefund(newRefund(id, 1), new Date())).toEqual({
      kind: 'too much',
      refundable: 0,
    });
  });
});
