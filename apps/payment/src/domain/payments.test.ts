import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeSettlement, type Settlement } from './settlement.ts';
import type { Charge, ProviderOutcome, PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { makePayments, type Payments } from './payments.ts';

let stored: Payment[];
let charges: Charge[];
let found: ProviderOutcome | null;
let outcome: ProviderOutcome | Error;
let storeIsDown: boolean;
let keyLifetimeMs: number;
let pending: string[];
let lateCaptures: string[];
let settlement: Settlement;
let payments: Payments;
/** The charge that only a search finds. */
let searchable: ProviderOutcome | null;

const store: PaymentStore = {
  insertPayment: async (payment) => {
    const same = ({ orderId, attempt }: Payment) =>
      orderId === payment.orderId && attempt === payment.attempt;
    const isNew = !stored.some(same);
    if (isNew) stored.push(payment);
    return { payment: stored.find(same) ?? payment, isNew };
  },
  settlePayment: async ({ id }, { status }, notifies) => {
    if (storeIsDown) throw new Error('the database failed');
    stored = stored.map((payment) =>
      payment.id === id && payment.status === 'PROCESSING'
        ? { ...payment, status, notifyAt: notifies && status !== 'PROCESSING' ? new Date() : null }
        : payment,
    );
    const settled = stored.find((payment) => payment.id === id);
    if (!settled) throw new Error('no such payment');
    return settled;
  },
  markNotified: async () => undefined,
  findAttempt: async (ofOrder, attempt) =>
    stored.find((payment) => payment.orderId === ofOrder && payment.attempt === attempt) ?? null,
  findPayments: async (ids) => stored.filter(({ id }) => ids.includes(id)),
  findPaymentsOfOrders: async () => stored,
  findByReference: async () => null,
};

const provider = (): PaymentProvider => ({
  name: 'bank',
  defaultMethod: 'card',
  keyLifetimeMs,
  methods: [{ name: 'card', kind: 'PROVIDER_ID' }],
  acceptsMethod: (method) => ['card', 'cash'].includes(method),
  charge: async (charge) => {
    charges.push(charge);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  },
  acceptsAmount: ({ currency }) => currency !== 'XXX',
  find: async () => found,
  search: async () => searchable,
  findRefund: async () => null,
  refund: async () => {
    throw new Error('not expected');
  },
  parseWebhookEvent: () => null,
});

const open = () => {
  const chosen = provider();
  const providers = { chosen, find: (name: string) => (name === 'bank' ? chosen : null) };
  settlement = makeSettlement({
    store,
    providers,
    orders: { notifySettled: async () => undefined },
    onLateCapture: (id) => void lateCaptures.push(id),
  });
  const onPending = (id: string) => void pending.push(id);
  payments = makePayments({ store, providers, settlement, onPending });
};

beforeEach(() => {
  stored = [];
  charges = [];
  found = null;
  searchable = null;
  pending = [];
  lateCaptures = [];
  outcome = { status: 'SUCCEEDED', reference: 'r' };
  storeIsDown = false;
  keyLifetimeMs = Number.POSITIVE_INFINITY;
  open();
});

const orderId = randomUUID();
const intent = { orderId, attempt: 1, userId: randomUUID(), amount: 1999, currency: 'EUR' };

const create = async (fields: object = {}): Promise<Payment> => {
  const payment = await payments.createIntent({ ...intent, ...fields });
  if ('kind' in payment) throw new Error(payment.message);
  return payment;
};

describe('a payment', () => {
  it('that the request settles needs no notice: its answer is the notice', async () => {
    expect(await create()).toMatchObject({ status: 'SUCCEEDED', notifyAt: null });
    outcome = { status: 'PROCESSING', reference: 'r' };
    await create({ attempt: 2 });
    found = { status: 'SUCCEEDED', reference: 'r' };
    expect(await create({ attempt: 2 })).toMatchObject({ status: 'SUCCEEDED', notifyAt: null });
  });

  it('is charged after it is stored, under a key of order and attempt', async () => {
    expect(await create()).toMatchObject({ status: 'SUCCEEDED' });
    expect(charges).toEqual([
      {
        idempotencyKey: `${orderId}:1`,
        amount: { amount: 1999, currency: 'EUR' },
        method: 'card',
      },
    ]);
  });

  it.each<[string, ProviderOutcome]>([
    ['captured', { status: 'SUCCEEDED', reference: 'r' }],
    ['declined', { status: 'FAILED', reference: 'r', failureCode: 'no' }],
  ])('is never charged again once it is %s', async (_how, first) => {
    outcome = first;
    const settled = await create();
    outcome = { status: 'SUCCEEDED', reference: 'again' };
    found = outcome;
    expect(await create({ method: 'cash', amount: 1 })).toEqual(settled);
    // Nor queried: the sweeper and webhooks do that.
    expect([charges.length, lateCaptures]).toEqual([1, []]);
  });

  it('that failed is charged again with the same key, method and amount', async () => {
    outcome = new Error('timed out');
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    outcome = { status: 'SUCCEEDED', reference: 'r' };
    storeIsDown = true;
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    storeIsDown = false;
    const paid = await create({ method: 'cash', amount: 1 });
    expect(paid).toMatchObject({ status: 'SUCCEEDED', amount: { amount: 1999 } });
    expect(charges).toEqual(Array(3).fill(charges[0]));
    expect(pending).toEqual([paid.id, paid.id]);
  });

  it('that the provider knows is queried, not charged again', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    found = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    expect(await create()).toMatchObject({ status: 'FAILED' });
    expect(charges).toHaveLength(1);
  });

  it('of 0 succeeds without a charge', async () => {
    expect(await create({ amount: 0 })).toMatchObject({ status: 'SUCCEEDED' });
    expect(charges).toEqual([]);
  });

  it('is neither stored nor charged when the provider does not accept its amount', async () => {
    expect(await payments.createIntent({ ...intent, currency: 'XXX' })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'amount' }],
    });
    expect([stored, charges]).toEqual([[], []]);
  });

  it('is neither stored nor charged when its method is unknown', async () => {
    expect(await payments.createIntent({ ...intent, method: 'gold' })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect([stored, charges]).toEqual([[], []]);
  });
});

describe('advance', () => {
  it('queries the provider until the payment is settled', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    const { id } = await create();
    found = { status: 'PROCESSING', reference: 'r' };
    expect(await settlement.advance(id)).toBeInstanceOf(Date);
    found = { status: 'SUCCEEDED', reference: 'r' };
    await settlement.advance(id);
    expect(stored).toMatchObject([{ status: 'SUCCEEDED', notifyAt: expect.any(Date) }]);
    found = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    await settlement.advance(id);
    expect(stored).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(charges).toHaveLength(1);
  });

  it('does not charge when the provider may have deleted the key', async () => {
    keyLifetimeMs = -1;
    open();
    const { id } = await create();
    expect([pending, charges]).toEqual([[id], []]);
    await expect(settlement.advance(id)).rejects.toThrow('too late');
    expect(charges).toEqual([]);
    found = { status: 'SUCCEEDED', reference: 'r' };
    await settlement.advance(id);
    expect(stored).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  it('searches for a charge when another charge only repeats an error', async () => {
    outcome = new Error('the same error');
    const { id } = await create();
    await expect(settlement.advance(id)).rejects.toThrow('the same');
    searchable = { status: 'SUCCEEDED', reference: 'r' };
    await settlement.advance(id);
    expect(stored).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  it('fails a payment whose charge is not found long after it could have been made', async () => {
    keyLifetimeMs = -2 * 60 * 60_000;
    open();
    const { id } = await create();
    expect([pending, charges]).toEqual([[id], []]);
    await settlement.advance(id);
    expect(stored).toMatchObject([{ status: 'FAILED' }]);
    expect(charges).toEqual([]);
  });

  it('fails when the provider is no longer configured', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    const { id } = await create();
    stored = stored.map((payment) => ({ ...payment, provider: 'closed' }));
    await expect(settlement.advance(id)).rejects.toThrow('closed is not configured');
  });
});

describe('a declined payment', () => {
  it('is never charged again, and a late capture is reported', async () => {
    outcome = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    const payment = await create();
    expect(await settlement.refresh(payment, { notifies: true })).toMatchObject({
      status: 'FAILED',
    });
    expect([charges.length, lateCaptures]).toEqual([1, []]);
    found = { status: 'SUCCEEDED', reference: 'r' };
    expect(await settlement.refresh(payment, { notifies: true })).toMatchObject({
      status: 'FAILED',
    });
    expect(lateCaptures).toEqual([payment.id]);
  });
});
