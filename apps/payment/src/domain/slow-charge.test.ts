import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { makePayments } from './payments.ts';
import type { Settlement } from './settlement.ts';

const input = {
  orderId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  amount: 1,
  currency: 'EUR',
};

it.each(['SUCCEEDED', 'FAILED', 'PROCESSING'] as const)(
  'a payment that is %s when its charge times out is answered as that',
  async (status) => {
    let stored: readonly Payment[] = [];
    const store = {
      insertPayment: async (payment) => {
        stored = [payment];
        return { payment, isNew: true };
      },
      findPayments: async () => stored,
    } satisfies Partial<PaymentStore> as unknown as PaymentStore;
    const settlement = {
      charge: async () => {
        // What a webhook does in the meantime.
        stored = stored.map((payment) => ({ ...payment, status }));
        throw new Error('timed out');
      },
    } satisfies Partial<Settlement> as unknown as Settlement;
    const chosen = {
      name: 'bank',
      defaultMethod: 'card',
      acceptsMethod: () => true,
      acceptsAmount: () => true,
    } satisfies Partial<PaymentProvider> as unknown as PaymentProvider;
    const pending: string[] = [];
    const payments = makePayments({
      store,
      settlement,
      providers: { chosen, find: () => chosen },
      onPending: (id) => void pending.push(id),
    });
    const answer = await payments.createIntent(input);
    expect(answer).toMatchObject({ orderId: input.orderId, status });
    expect(pending).toHaveLength(1);
  },
);
