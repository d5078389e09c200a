import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeDecisions, type Decisions } from './ask-provider.ts';
import type { Charge, ChargeOutcome, PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { makePayments, type Payments } from './payments.ts';

let kept: Payment[];
let charges: Charge[];
let found: ChargeOutcome | null;
let outcome: ChargeOutcome | Error;
let storeIsDown: boolean;
let keyLifetimeMs: number;
let undecided: string[];
let polls: { id: string; at: Date }[];
let contradictions: string[];
let decisions: Decisions;
let payments: Payments;
/** What only a search finds. */
let lost: ChargeOutcome | null;

const store: PaymentStore = {
  insertPayment: async (payment) => {
    const same = ({ orderId, attempt }: Payment) =>
      orderId === payment.orderId && attempt === payment.attempt;
    const isNew = !kept.some(same);
    if (isNew) kept.push(payment);
    return { payment: kept.find(same) ?? payment, isNew };
  },
  settlePayment: async (id, { status }) => {
    if (storeIsDown) throw new Error('the database is gone');
    kept = kept.map((payment) =>
      payment.id === id && payment.status === 'PROCESSING' ? { ...payment, status } : payment,
    );
    const settled = kept.find((payment) => payment.id === id);
    if (!settled) throw new Error('no such payment');
    return settled;
  },
  planPoll: async (id, at) => void polls.push({ id, at }),
  planDeclineLook: async () => undefined,
  findPayments: async (ids) => kept.filter(({ id }) => ids.includes(id)),
  findPaymentsOfOrders: async () => kept,
  findByReference: async () => null,
};

const provider = (): PaymentProvider => ({
  name: 'bank',
  defaultMethod: 'card',
  keyLifetimeMs,
  acceptsMethod: (method) => ['card', 'cash'].includes(method),
  charge: async (charge) => {
    charges.push(charge);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  },
  acceptsAmount: ({ currency }) => currency !== 'XXX',
  find: async () => found,
  search: async () => lost,
  findRefund: async () => null,
  refund: async () => {
    throw new Error('nothing is given back here');
  },
  readNews: () => null,
});

const open = () => {
  const chosen = provider();
  const providers = { chosen, find: (name: string) => (name === 'bank' ? chosen : null) };
  decisions = makeDecisions({
    store,
    providers,
    onContradiction: (id) => void contradictions.push(id),
  });
  const onUndecided = (id: string) => void undecided.push(id);
  payments = makePayments({ store, providers, decisions, onUndecided });
};

beforeEach(() => {
  kept = [];
  charges = [];
  found = null;
  lost = null;
  undecided = [];
  polls = [];
  contradictions = [];
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
  it('asks the provider once it is kept, under a key of order and attempt', async () => {
    expect(await create()).toMatchObject({ status: 'SUCCEEDED' });
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
    const first = await create();
    outcome = { status: 'SUCCEEDED', reference: 'again' };
    found = outcome;
    expect(await create({ method: 'cash', amount: 1 })).toEqual(first);
    // Nor asked about: jobs and webhooks do that.
    expect([charges.length, contradictions]).toEqual([1, []]);
  });

  it('that was cut off is the same charge again: same key, method and amount', async () => {
    outcome = new Error('timed out');
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    outcome = { status: 'SUCCEEDED', reference: 'r' };
    storeIsDown = true;
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    storeIsDown = false;
    const paid = await create({ method: 'cash', amount: 1 });
    expect(paid).toMatchObject({ status: 'SUCCEEDED', amount: { amount: 1999 } });
    expect(charges).toEqual(Array(3).fill(charges[0]));
    expect(undecided).toEqual([paid.id, paid.id]);
  });

  it('that the provider knows is asked for, not charged again', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    expect(await create()).toMatchObject({ status: 'PROCESSING' });
    found = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    expect(await create()).toMatchObject({ status: 'FAILED' });
    expect(charges).toHaveLength(1);
  });

  it('of nothing is paid, and nobody is asked', async () => {
    expect(await create({ amount: 0 })).toMatchObject({ status: 'SUCCEEDED' });
    expect(charges).toEqual([]);
  });

  it('is neither kept nor charged when the provider can’t take its amount', async () => {
    expect(await payments.createIntent({ ...intent, currency: 'XXX' })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'amount' }],
    });
    expect([kept, charges]).toEqual([[], []]);
  });

  it('is neither kept nor charged when its method is not known', async () => {
    expect(await payments.createIntent({ ...intent, method: 'gold' })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect([kept, charges]).toEqual([[], []]);
  });

  it('is found by order and attempt', async () => {
    await create();
    await create({ attempt: 2 });
    expect(await payments.findAttempt(orderId, 2)).toMatchObject({ attempt: 2 });
    expect(await payments.findAttempt(orderId, 3)).toBeNull();
  });
});

describe('the job that asks', () => {
  it('asks until there is a decision, and then no more', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    const { id } = await create();
    found = { status: 'PROCESSING', reference: 'r' };
    await decisions.decide(id);
    expect(polls).toMatchObject([{ id }]);
    found = { status: 'SUCCEEDED', reference: 'r' };
    await decisions.decide(id);
    expect(kept).toMatchObject([{ status: 'SUCCEEDED' }]);
    found = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    await decisions.decide(id);
    expect(kept).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(charges).toHaveLength(1);
    expect(polls).toHaveLength(1);
  });

  it('does not charge when the provider may have forgotten the key', async () => {
    keyLifetimeMs = -1;
    open();
    const { id } = await create();
    expect([undecided, charges]).toEqual([[id], []]);
    await expect(decisions.decide(id)).rejects.toThrow('too late');
    expect(charges).toEqual([]);
    found = { status: 'SUCCEEDED', reference: 'r' };
    await decisions.decide(id);
    expect(kept).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  it('searches for a charge when charging again only repeats an error', async () => {
    outcome = new Error('the same as the first time');
    const { id } = await create();
    await expect(decisions.decide(id)).rejects.toThrow('the same');
    lost = { status: 'SUCCEEDED', reference: 'r' };
    await decisions.decide(id);
    expect(kept).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  it('gives up a charge that is nowhere long after it could have been made', async () => {
    keyLifetimeMs = -2 * 60 * 60_000;
    open();
    const { id } = await create();
    expect([undecided, charges]).toEqual([[id], []]);
    await decisions.decide(id);
    expect(kept).toMatchObject([{ status: 'FAILED' }]);
    expect(charges).toEqual([]);
  });

  it('fails for a payment of a provider that is gone', async () => {
    outcome = { status: 'PROCESSING', reference: 'r' };
    const { id } = await create();
    kept = kept.map((payment) => ({ ...payment, provider: 'closed' }));
    await expect(decisions.decide(id)).rejects.toThrow('closed is not configured');
  });
});

describe('a declined payment', () => {
  it('is never charged again, and money taken in spite of it is a contradiction', async () => {
    outcome = { status: 'FAILED', reference: 'r', failureCode: 'no' };
    const payment = await create();
    expect(await decisions.ask(payment)).toMatchObject({ status: 'FAILED' });
    expect([charges.length, contradictions]).toEqual([1, []]);
    found = { status: 'SUCCEEDED', reference: 'r' };
    expect(await decisions.ask(payment)).toMatchObject({ status: 'FAILED' });
    expect(contradictions).toEqual([payment.id]);
  });
});
