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
  await testDatabase.query(`ALTER TYPE payment_status ADD VALUE 'DISPUTED'`);
  await testDatabase.query(`ALTER TYPE refund_status ADD VALUE 'DISPUTED'`);
});

afterAll(() => stores.close());

const insert = async (fields: Partial<Payment> = {}): Promise<Payment> =>
  (await payments.insertPayment({ ...newPayment(), ...fields })).payment;

const capture = async (): Promise<Payment> => {
  const outcome = { status: 'SUCCEEDED', reference: randomUUID() } as const;
  return payments.settlePayment(await insert(), outcome, false);
};

const refund = async (paymentId: string, amount: number | null) => {
  const id = randomUUID();
  const request = { id, paymentId, amount, reason: 'a “scratch”', requestedBy: 'order', key: id };
  const result = await refunds.insertRefund(request, new Date());
  if (result.kind !== 'stored') throw new Error(result.kind);
  return result.refund;
};

describe('a payment', () => {
  it('is read as it was stored, with what it does not have yet as null', async () => {
    const payment = await insert();
    expect(payment).toMatchObject({ reference: null, failure: null, capturedAt: null });
    expect(await payments.findPayments([payment.id])).toEqual([payment]);
    expect(await payments.findPaymentsOfOrders([payment.orderId])).toEqual([payment]);
  });

  it('is read as it was settled, also by its reference', async () => {
    const amount = { amount: Number.MAX_SAFE_INTEGER, currency: 'VND' };
    const outcome = { status: 'SUCCEEDED', reference: 'pi_“1”' } as const;
    const payment = await payments.settlePayment(await insert({ amount }), outcome, true);
    expect(payment.capturedAt).toBeInstanceOf(Date);
    expect(payment.notifyAt).toBeInstanceOf(Date);
    expect(await payments.findPayments([payment.id])).toEqual([payment]);
    expect(await payments.findByReference('bank', 'pi_“1”')).toEqual(payment);
    expect(await payments.findByReference('other', 'pi_“1”')).toBeNull();
  });

  it('is in the order of its attempt, and closed attempts are left out', async () => {
    const { orderId, userId } = newPayment();
    const closed = { status: 'FAILED', failure: { code: 'not_started' } } as const;
    const third = await insert({ orderId, userId, attempt: 3 });
    const first = await insert({ orderId, userId, attempt: 1 });
    const second = await insert({ orderId, userId, attempt: 2, ...closed });
    const other = await insert();
    const found = await payments.findPaymentsOfOrders([orderId, other.orderId, randomUUID()]);
    expect(found.filter((payment) => payment.orderId === orderId)).toEqual([first, third]);
    expect(found.filter((payment) => payment.orderId !== orderId)).toEqual([other]);
    expect(await payments.findPayments([second.id, randomUUID()])).toEqual([]);
  });

  it('can’t be read with a status that this version does not know', async () => {
    const [known, unknown] = [await capture(), await capture()];
    await testDatabase.query(`UPDATE payments SET status = 'DISPUTED' WHERE id = $1`, [unknown.id]);
    const unreadable = expect.objectContaining({ code: 'P2023' }) as unknown;
    for (const read of [
      () => payments.findPayments([known.id, unknown.id]),
      () => payments.findPaymentsOfOrders([unknown.orderId]),
      () => payments.findByReference('bank', unknown.reference ?? ''),
    ]) {
      await expect(read()).rejects.toEqual(unreadable);
    }
    expect(await payments.findPayments([known.id])).toEqual([known]);
  });
});

describe('a refund', () => {
  it('is read as it was stored, in the currency of its payment', async () => {
    const payment = await capture();
    const stored = await refund(payment.id, 1);
    expect(stored).toMatchObject({ failure: null, amount: { amount: 1, currency: 'EUR' } });
    expect(await refunds.findRefund(stored.id)).toEqual(stored);
    expect(await refunds.findRefund(randomUUID())).toBeNull();
    const outcome = { status: 'FAILED', reference: null, failureCode: 'declined' } as const;
    const settled = await refunds.settleRefund(stored.id, outcome);
    expect(settled.failure).toEqual({ code: 'declined' });
    expect(await refunds.findRefundsOfPayments([payment.id])).toEqual([settled]);
  });

  it('is read with those of other payments, by id', async () => {
    const paid = [await capture(), await capture()];
    const stored = [];
    for (const { id } of [...paid, ...paid]) stored.push(await refund(id, 2));
    const ids = paid.map(({ id }) => id);
    const found = await refunds.findRefundsOfPayments([...ids, randomUUID()]);
    expect(found).toEqual(stored.sort((one, other) => (one.id < other.id ? -1 : 1)));
  });

  it('can’t be read with a status that this version does not know', async () => {
    const payment = await capture();
    const { id } = await refund(payment.id, null);
    await testDatabase.query(`UPDATE refunds SET status = 'DISPUTED' WHERE id = $1`, [id]);
    const unreadable = expect.objectContaining({ code: 'P2023' }) as unknown;
    await expect(refunds.findRefund(id)).rejects.toEqual(unreadable);
    await expect(refunds.findRefundsOfPayments([payment.id])).rejects.toEqual(unreadable);
  });
});
