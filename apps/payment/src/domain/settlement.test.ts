import { describe, expect, it } from 'vitest';
import { makeSettlement } from './settlement.ts';
import type { PaymentProvider, ProviderOutcome } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const PENDING: ProviderOutcome = { status: 'PROCESSING', reference: 'r' };

/** A payment with these fields, of a provider that knows it as pending. */
const open = (fields: Partial<Payment> = {}, orderServiceIsDown = false) => {
  const now = new Date();
  const payment = {
    id: 'payment',
    orderId: 'order',
    attempt: 1,
    status: 'PROCESSING',
    provider: 'bank',
    reference: 'r',
    notifyAt: null,
    failure: null,
    chargeUntil: null,
    capturedAt: null,
    createdAt: now,
    updatedAt: now,
    ...fields,
  } as Payment;
  const calls: string[] = [];
  const provider = {
    find: async () => {
      calls.push('find');
      return PENDING;
    },
  };
  const { advance } = makeSettlement({
    store: {
      findPayments: async () => [payment],
      settlePayment: async () => payment,
      markNotified: async (_id, dueAt) => void calls.push(`notified, due at ${dueAt?.getTime()}`),
    } as Partial<PaymentStore> as PaymentStore,
    providers: {
      chosen: provider as unknown as PaymentProvider,
      find: () => provider as unknown as PaymentProvider,
    },
    orders: {
      notifySettled: async () => {
        if (orderServiceIsDown) throw new Error('the order service is down');
        calls.push('notify');
      },
    },
    onLateCapture: () => undefined,
  });
  return { advance: () => advance(payment.id), calls };
};

const aged = (ms: number): Date => new Date(Date.now() - ms);

describe('a pending payment', () => {
  it.each([
    [0, 0.25],
    [0.01, 3.6],
    [10, 60],
  ])('of %d days is polled again in %d minutes', async (days, minutes) => {
    const { advance, calls } = open({ createdAt: aged(days * DAY_MS) });
    const start = Date.now();
    const pauseMs = ((await advance())?.getTime() ?? 0) - start;
    expect(calls).toEqual(['find']);
    expect(pauseMs).toBeGreaterThanOrEqual(minutes * MINUTE_MS - 1_000);
    expect(pauseMs).toBeLessThan(minutes * MINUTE_MS + 30_000);
  });

  it('of more than a month fails its step', async () => {
    const { advance } = open({ createdAt: aged(31 * DAY_MS) });
    await expect(advance()).rejects.toThrow('still pending');
  });
});

describe('a settled payment', () => {
  it.each([
    ['SUCCEEDED', { capturedAt: new Date() }],
    ['REFUNDED', { capturedAt: new Date() }],
    ['FAILED', { capturedAt: new Date(), failure: { code: 'no' } }],
    ['FAILED', { capturedAt: null, failure: { code: 'not_started' } }],
  ] as const)('%s %j has nothing left to do', async (status, fields) => {
    const { advance, calls } = open({ status, ...fields });
    expect(await advance()).toBeNull();
    expect(calls).toEqual([]);
  });

  it('is due until the order service is notified', async () => {
    const fields = { status: 'SUCCEEDED', capturedAt: new Date(), notifyAt: new Date() } as const;
    await expect(open(fields, true).advance()).rejects.toThrow('down');
    const { advance, calls } = open(fields);
    expect(await advance()).toBeNull();
    expect(calls).toEqual(['notify', 'notified, due at undefined']);
  });

  it.each([
    [0, 10],
    [9, 10],
    // The order service was down: the check is due at once.
    [300, 10],
  ])(
    'that was declined %d minutes ago is polled at %d minutes, after the notice',
    async (age, due) => {
      const updatedAt = aged(age * MINUTE_MS);
      const declined = { status: 'FAILED', failure: { code: 'no' }, updatedAt } as const;
      const { advance, calls } = open({ ...declined, notifyAt: updatedAt });
      const dueAt = updatedAt.getTime() + due * MINUTE_MS;
      expect((await advance())?.getTime()).toBe(dueAt);
      expect(calls).toEqual(['notify', `notified, due at ${dueAt}`]);
    },
  );

  it.each([
    [10, 60],
    [61, 360],
    [360, null],
  ])('that was declined %d minutes ago is polled, and again at %p minutes', async (age, due) => {
    const updatedAt = aged(age * MINUTE_MS);
    const { advance, calls } = open({ status: 'FAILED', failure: { code: 'no' }, updatedAt });
    const dueAt = due === null ? undefined : updatedAt.getTime() + due * MINUTE_MS;
    expect((await advance())?.getTime()).toBe(dueAt);
    expect(calls).toEqual(['find']);
  });
});
