import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Charge, ChargeOutcome, PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { makePayments, type Payments } from './payments.ts';

let kept: Payment[];
let charges: Charge[];
let outcome: ChargeOutcome | Error;
let storeIsDown: boolean;
let payments: Payments;

const store: PaymentStore = {
  insertPayment: async (payment) => {
    const same = ({ orderId, attempt }: Payment) =>
      orderId === payment.orderId && attempt === payment.attempt;
    if (!kept.some(same)) kept.push(payment);
    return kept.find(same) ?? payment;
  },
  settlePayment: async (id, { status }) => {
    if (storeIsDown) throw new Error('the database is gone');
    kept = kept.map((payment) => (payment.id === id ? { ...payment, status } : payment));
    const settled = kept.find((payment) => payment.id === id);
    if (!settled) throw new Error('no such payment');
    return settled;
  },
  findPayments: async () => kept,
  findPaymentsOfOrders: async () => kept,
};

const provider: PaymentProvider = {
  name: 'bank',
  defaultMethod: 'card',
  acceptsMethod: (method) => ['card', 'cash'].includes(method),
  charge: async (charge) => {
    charges.push(charge);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  },
};

beforeEach(() => {
  kept = [];
  charges = [];
  outcome = { status: 'SUCCEEDED', reference: 'r' };
  storeIsDown = false;
  payments = makePayments(store, provider);
});

const orderId = randomUUID();
const intent = { orderId, attempt: 1, userId: randomUUID(), amount: 1999, currency: 'EUR' };

describe('a payment', () => {
  it('asks the provider once it is kept, under a key of order and attempt', async () => {
    expect(await payments.createIntent(intent)).toMatchObject({ status: 'SUCCEEDED' });
    expect(charges).toEqual([
      {
        idempotencyKey: `${orderId}:1`,
        amount: { amount: 1999, currency: 'EUR' },
        method: 'card',
      },
    ]);
  });

  it.each<[string, ChargeOutcome]>([
    ['taken', { status: 'SUCCEEDED', reference: 'r' }],
    ['declined', { status: 'FAILED', reference: 'r', failureCode: 'no' }],
  ])('is never charged again once it is %s', async (_how, decided) => {
    outcome = decided;
    const first = await payments.createIntent(intent);
    outcome = { status: 'SUCCEEDED', reference: 'again' };
    expect(await payments.createIntent({ ...intent, method: 'cash', amount: 1 })).toEqual(first);
    expect(charges).toHaveLength(1);
  });

  it('that was cut off is the same charge again: same key, method and amount', async () => {
    outcome = new Error('timed out');
    await expect(payments.createIntent(intent)).rejects.toThrow('timed out');
    outcome = { status: 'SUCCEEDED', reference: 'r' };
    storeIsDown = true;
    await expect(payments.createIntent(intent)).rejects.toThrow('the database is gone');
    storeIsDown = false;
    const paid = await payments.createIntent({ ...intent, method: 'cash', amount: 1 });
    expect(paid).toMatchObject({ status: 'SUCCEEDED', amount: { amount: 1999 } });
    expect(charges).toEqual(Array(3).fill(charges[0]));
  });

  it('is asked for again while the provider has not decided', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    expect(await payments.createIntent(intent)).toMatchObject({ status: 'PROCESSING' });
    outcome = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    expect(await payments.createIntent(intent)).toMatchObject({ status: 'FAILED' });
    expect(charges).toEqual([charges[0], charges[0]]);
  });

  it('is neither kept nor charged when its method is not known', async () => {
    expect(await payments.createIntent({ ...intent, method: 'gold' })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect([kept, charges]).toEqual([[], []]);
  });

  it('is found by order and attempt', async () => {
    await payments.createIntent(intent);
    await payments.createIntent({ ...intent, attempt: 2 });
    expect(await payments.findAttempt(orderId, 2)).toMatchObject({ attempt: 2 });
    expect(await payments.findAttempt(orderId, 3)).toBeNull();
  });
});
