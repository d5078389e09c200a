import { describe, expect, it } from '@jest/globals';
import { makeDecisions, nextDeclineLook } from './ask-provider.ts';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';

const MINUTE_MS = 60_000;
const declinedAt = new Date('2026-01-01T00:00:00Z');
const after = (minutes: number) => new Date(declinedAt.getTime() + minutes * MINUTE_MS);

describe('a decline', () => {
  it.each([
    [0, 10],
    [9.99, 10],
    [10, 60],
    [59, 60],
    [60, 360],
    [300, 360],
  ])('that is %d minutes old is asked about when it is %d minutes old', (age, next) => {
    expect(nextDeclineLook(declinedAt, after(age))).toEqual(after(next));
  });

  it.each([360, 361, 100_000])('that is %d minutes old is not asked about any more', (age) => {
    expect(nextDeclineLook(declinedAt, after(age))).toBeNull();
  });
});

/** A payment that its provider never decides, as old as is said. */
const openSlowPayment = (ageDays: number) => {
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
  const decisions = makeDecisions({
    store: {
      findPayments: async () => [payment],
      settlePayment: async () => payment,
      planPoll: async (_id, at) => void polls.push(at),
    } as Partial<PaymentStore> as PaymentStore,
    providers: {
      chosen: provider as unknown as PaymentProvider,
      find: () => provider as unknown as PaymentProvider,
    },
    onContradiction: () => undefined,
  });
  return { polls, decide: () => decisions.decide(payment.id) };
};

describe('a payment that takes the provider long', () => {
  it.each([
    [0, 0.25],
    [0.01, 3.6],
    [10, 60],
  ])('of %d days is polled again in %d minutes, and that is no failure', async (days, minutes) => {
    const { polls, decide } = openSlowPayment(days);
    const start = Date.now();
    await decide();
    expect(polls).toHaveLength(1);
    const pauseMs = (polls[0]?.getTime() ?? 0) - start;
    expect(pauseMs).toBeGreaterThanOrEqual(minutes * MINUTE_MS - 1_000);
    expect(pauseMs).toBeLessThan(minutes * MINUTE_MS + 30_000);
  });

  it('of more than a month fails, so that a person sees it', async () => {
    const { polls, decide } = openSlowPayment(31);
    await expect(decide()).rejects.toThrow('not decided');
    expect(polls).toEqual([]);
  });
});
