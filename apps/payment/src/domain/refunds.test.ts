import { randomUUID } from 'node:crypto';
import type { Idempotency } from '@cartograph/idempotency';
import { describe, expect, it } from 'vitest';
import type { PaymentProvider, ProviderOutcome } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import type { NewRefund } from './refund.ts';
import type { RefundStore } from './refund-store.ts';
import { makeRefunds } from './refunds.ts';

/** Refunds a part of a captured payment whose provider takes only multiples of ten. */
const refund = async (amount: number | undefined, provider = 'bank') => {
  const payment = {
    id: randomUUID(),
    provider,
    reference: 'r',
    amount: { amount: 10_000, currency: 'KWD' },
  } as Payment;
  const reserved: (number | null)[] = [];
  const bank = {
    acceptsAmount: ({ amount: units }) => units % 10 === 0,
    refund: async () => ({ status: 'SUCCEEDED', reference: 're' }),
  } satisfies Partial<PaymentProvider> as unknown as PaymentProvider;
  const deferred: unknown[] = [];
  const { refundPayment } = makeRefunds({
    payments: { findPayments: async () => [payment] } as Partial<PaymentStore> as PaymentStore,
    refunds: {
      insertRefund: async ({ id, amount: units }: NewRefund) => {
        reserved.push(units);
        const stored = { id, paymentId: payment.id, status: 'PROCESSING', amount: payment.amount };
        return { kind: 'stored', refund: stored };
      },
      settleRefund: async (id: string, { status }: ProviderOutcome) => ({ id, status }),
    } as unknown as RefundStore,
    providers: { chosen: bank, find: (name) => (name === 'bank' ? bank : null) },
    idempotency: {
      once: ({ subjectId }: { subjectId: string }, work: (id: string) => unknown) =>
        work(subjectId),
    } as unknown as Idempotency,
    onDeferred: (_id, error) => void deferred.push(error),
    onDeclined: () => undefined,
  });
  const input = { paymentId: payment.id, reason: 'damaged', ...(amount && { amount }) };
  return { result: await refundPayment(randomUUID(), input), reserved, deferred };
};

describe('refundPayment', () => {
  it('refuses an amount that the provider can’t refund, and reserves nothing', async () => {
    const { result, reserved } = await refund(1_234);
    expect(result).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ path: 'amount' }] });
    expect(reserved).toEqual([]);
  });

  it.each([1_230, undefined])('refunds %s, which it can', async (amount) => {
    const { result, reserved } = await refund(amount);
    expect(result).toMatchObject({ status: 'SUCCEEDED' });
    expect(reserved).toEqual([amount ?? null]);
  });

  it('is requested later when the provider is no longer configured', async () => {
    const { result, deferred } = await refund(1_234, 'closed');
    expect(result).toMatchObject({ status: 'PROCESSING' });
    expect(deferred).toMatchObject([{ message: expect.stringContaining('not configured') }]);
  });
});
