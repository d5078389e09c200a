import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startJobs } from '@cartograph/jobs';
import { makeTestDatabase, testInfrastructure, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaPaymentStore } from '../src/db/make-prisma-payment-store.ts';
import { makePrismaRefundStore } from '../src/db/make-prisma-refund-store.ts';
import type { PaymentStore } from '../src/domain/payment-store.ts';
import type { RefundStore } from '../src/domain/refund-store.ts';

let testDatabase: TestDatabase;
let database: Database;
let payments: PaymentStore;
let refunds: RefundStore;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('payment');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 3 });
  payments = makePrismaPaymentStore(database);
  refunds = makePrismaRefundStore(database);
  // The workers create the tables of jobs, and stop before the tests.
  const { log } = testInfrastructure();
  const idle = { nothing: async () => {} };
  const stop = await startJobs({ databaseUrl: testDatabase.url, log, tasks: idle, concurrency: 1 });
  await stop();
});

afterAll(async () => {
  await database.$disconnect();
  await testDatabase.drop();
});

const open = async (): Promise<string> => {
  const now = new Date();
  const { payment } = await payments.insertPayment(
    {
      id: randomUUID(),
      orderId: randomUUID(),
      attempt: 1,
      userId: randomUUID(),
      status: 'PROCESSING',
      amount: { amount: 1_000, currency: 'EUR' },
      provider: 'bank',
      method: 'card',
      reference: null,
      failure: null,
      capturedAt: null,
      refunding: 0,
      createdAt: now,
      updatedAt: now,
    },
    now,
  );
  return payment.id;
};

const succeeded = (reference: string) => ({ status: 'SUCCEEDED', reference }) as const;
const failed = (reference: string) =>
  ({ status: 'FAILED', reference, failureCode: 'declined' }) as const;

const jobsOf = async (id: string): Promise<string[]> => {
  const rows = await testDatabase.query<{ key: string }>(
    'SELECT key FROM graphile_worker._private_jobs WHERE key LIKE $1 ORDER BY key',
    [`%:${id}`],
  );
  return rows.map(({ key }) => key.replace(`:${id}`, ''));
};

const newRefund = (paymentId: string, amount: number | null = null) => {
  const id = randomUUID();
  const key = `request:${id}`;
  return { id, paymentId, amount, reason: 'x', key, requestedBy: 'admin' };
};

const refundingOf = async (id: string) => (await payments.findPayments([id]))[0]?.refunding;

describe('settlePayment', () => {
  it('settles a payment once, and enqueues the notification of the order service', async () => {
    const id = await open();
    expect(await payments.settlePayment(id, succeeded('r1'))).toMatchObject({
      status: 'SUCCEEDED',
      reference: 'r1',
      capturedAt: expect.any(Date),
    });
    for (const outcome of [failed('r2'), succeeded('r3')]) {
      expect(await payments.settlePayment(id, outcome)).toMatchObject({
        status: 'SUCCEEDED',
        reference: 'r1',
        failure: null,
      });
    }
    expect(await jobsOf(id)).toEqual(['ask', 'tell']);
  });

  it('stores the first reference of a pending payment', async () => {
    const id = await open();
    for (const reference of ['p1', 'p2']) {
      const settled = await payments.settlePayment(id, { status: 'PROCESSING', reference });
      expect(settled).toMatchObject({ status: 'PROCESSING', reference: 'p1' });
    }
  });

  it('enqueues the poll of a decline, and owes money that is captured later, once', async () => {
    const id = await open();
    expect(await payments.settlePayment(id, failed('d1'))).toMatchObject({ status: 'FAILED' });
    expect(await jobsOf(id)).toEqual(['ask', 'tell', 'watch']);
    const late = await payments.settlePayment(id, succeeded('d2'));
    expect(late).toMatchObject({ status: 'FAILED', reference: 'd2', refunding: 1_000 });
    expect(await payments.settlePayment(id, succeeded('d3'))).toEqual(late);
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
    const id = await open();
    await payments.settlePayment(id, succeeded('a1'));
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
    const id = await open();
    await payments.settlePayment(id, succeeded('b1'));
    const refund = await insert(id);
    await refunds.settleRefund(refund, succeeded('h1'));
    expect(await payments.findPayments([id])).toMatchObject([{ status: 'REFUNDED' }]);
    for (let time = 0; time < 2; time += 1) {
      await refunds.settleRefund(refund, failed('h1'));
      expect(await payments.findPayments([id])).toMatchObject([
        { status: 'SUCCEEDED', refunding: 0 },
      ]);
    }
    expect(await jobsOf(id)).not.toContain('repay');
  });

  it('enqueues the next refund of an owed payment, one at a time', async () => {
    const id = await open();
    await payments.settlePayment(id, succeeded('c1'));
    const debt = { paymentId: id, reason: 'x', requestedBy: 'order' } as const;
    const first = await refunds.oweRefund(debt, new Date());
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await refunds.repayDebt(id, new Date())).toBeNull();
    await refunds.settleRefund(first?.id ?? '', failed('i1'));
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await jobsOf(id)).toContain('repay');
    const second = await refunds.repayDebt(id, new Date());
    expect(second).toMatchObject({ amount: { amount: 1_000 }, requestedBy: 'order' });
    await refunds.settleRefund(second?.id ?? '', succeeded('i2'));
    expect(await refunds.findDebt(id)).toMatchObject({ left: 0 });
    expect(await refunds.repayDebt(id, new Date())).toBeNull();
    // The refund was returned, so the amount is owed again.
    await testDatabase.query('DELETE FROM graphile_worker._private_jobs');
    await refunds.settleRefund(second?.id ?? '', failed('i2'));
    expect(await jobsOf(id)).toEqual(['repay']);
    expect(await refunds.findDebt(id)).toMatchObject({ left: 1_000 });
  });

  it('needs captured money that is not refunded yet', async () => {
    const id = await open();
    expect(await refunds.insertRefund(newRefund(id), new Date())).toEqual({ kind: 'not captured' });
    const debt = { paymentId: id, reason: 'x', requestedBy: 'order' } as const;
    expect(await refunds.oweRefund(debt, new Date())).toBeNull();
    expect(await refunds.findDebt(id)).toBeNull();
    await payments.settlePayment(id, succeeded('e1'));
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
