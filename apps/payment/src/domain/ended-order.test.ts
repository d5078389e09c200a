import { describe, expect, it } from 'vitest';
import type { PaymentProvider, ProviderOutcome } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { makeSettlement } from './settlement.ts';

/**
 * Polls a pending payment whose order ended `endedMs` ago, at a provider without a charge of it.
 * @param searchable what a search among all charges finds
 */
const poll = async (endedMs: number, searchable: ProviderOutcome | null) => {
  let charges = 0;
  const now = Date.now();
  const payment = {
    id: 'payment',
    orderId: 'order',
    attempt: 1,
    status: 'PROCESSING',
    amount: { amount: 1_999, currency: 'EUR' },
    reference: null,
    chargeUntil: new Date(now - endedMs),
    createdAt: new Date(now - endedMs - 60_000),
    updatedAt: new Date(now),
  } as Payment;
  const provider = {
    keyLifetimeMs: Number.POSITIVE_INFINITY,
    find: async () => null,
    search: async () => searchable,
    charge: async () => {
      charges += 1;
      return { status: 'SUCCEEDED', reference: 'late' };
    },
  } satisfies Partial<PaymentProvider> as unknown as PaymentProvider;
  const { advance } = makeSettlement({
    store: {
      findPayments: async () => [payment],
      settlePayment: async (_payment, { status }) => Object.assign(payment, { status }),
    } as Partial<PaymentStore> as PaymentStore,
    providers: { chosen: provider, find: () => provider },
    orders: { notifySettled: async () => undefined },
    onLateCapture: () => undefined,
  });
  const error = await advance(payment.id).then(
    () => null,
    ({ message }: Error) => message,
  );
  return { status: payment.status, charges, error };
};

const FOUND = { status: 'SUCCEEDED', reference: 'r' } as const;

describe('a pending payment of an order that has ended', () => {
  it('is found, and not charged', async () => {
    expect(await poll(1, FOUND)).toEqual({ status: 'SUCCEEDED', charges: 0, error: null });
  });

  it('is searched for again while its last charge may be in progress', async () => {
    expect(await poll(1, null)).toEqual({
      status: 'PROCESSING',
      charges: 0,
      error: expect.stringContaining('too late to charge'),
    });
  });

  it('fails when it is not found an hour later', async () => {
    expect(await poll(61 * 60_000, null)).toEqual({ status: 'FAILED', charges: 0, error: null });
  });

  it('is charged until then', async () => {
    expect(await poll(-60_000, null)).toEqual({ status: 'SUCCEEDED', charges: 1, error: null });
  });
});
