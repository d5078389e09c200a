import { describe, expect, it } from '@jest/globals';
import { makeSettlement } from './settlement.ts';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';

const MINUTE_MS = 60_000;
/** A pending payment of this age. */
const openPendingPayment = (ageDays: number) => {
  const payment = {
    id: 'payment',
    orderId: 'order',
    attempt: 1,
    status: 'PROCESSING',
    provider: 'bank',
    reference: 'r',
    createdAt: new Date(Date.now() - ageDays * 24 * 60 * MINUTE_MS),
  } as Payment;
  const polls: Date[] = [];
  const provider = { find: async () => ({ status: 'PROCESSING', reference: 'r' }) };
  const { poll } = makeSettlement({
    store: {
      findPayments: async () => [payment],
      settlePayment: async () => payment,
      schedulePoll: async (_id, at) => void polls.push(at),
    } as Partial<PaymentStore> as PaymentStore,
    providers: {
      chosen: provider as unknown as PaymentProvider,
      find: () => provider as unknown as PaymentProvider,
    },
    orders: { notifySettled: async () => undefined },
    onLateCapture: () => undefined,
  });
  return { polls, poll: () => poll(payment.id) };
};

describe('a pending payment', () => {
  it.each([
    [0, 0.25],
    [0.01, 3.6],
    [10, 60],
  ])('of %d days is polled again in %d minutes', async (days, minutes) => {
    const { polls, poll } = openPendingPayment(days);
    const start = Date.now();
    await poll();
    expect(polls).toHaveLength(1);
    const pauseMs = (polls[0]?.getTime() ?? 0) - start;
    expect(pauseMs).toBeGreaterThanOrEqual(minutes * MINUTE_MS - 1_000);
    expect(pauseMs).toBeLessThan(minutes * MINUTE_MS + 30_000);
  });

  it('of more than a month fails its job', async () => {
    const { polls, poll } = openPendingPayment(31);
    await expect(poll()).rejects.toThrow('still pending');
    expect(polls).toEqual([]);
  });
});
