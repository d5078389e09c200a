import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import { makePayments } from './payments.ts';
import type { Settlement } from './settlement.ts';

const input = {
  orderId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  amount: 1_000,
  currency: 'EUR',
};

/** A provider that takes only `pm_card`, and no odd amounts. */
const chosen = {
  name: 'bank',
  defaultMethod: null,
  acceptsMethod: (method) => method === 'pm_card',
  acceptsAmount: ({ amount }) => amount % 2 === 0,
} satisfies Partial<PaymentProvider> as unknown as PaymentProvider;

/** Sends a request with these fields, while the attempt is stored with this status. */
const request = (status: PaymentStatus | null, fields: { method?: string; amount?: number }) => {
  const stored = { ...input, id: 'stored', provider: 'closed', status } as unknown as Payment;
  const store = {
    findAttempt: async () => (status ? stored : null),
  } satisfies Partial<PaymentStore> as unknown as PaymentStore;
  const settlement = {
    refresh: async (payment) => ({ ...payment, status: 'SUCCEEDED' }),
  } satisfies Partial<Settlement> as unknown as Settlement;
  const payments = makePayments({
    store,
    settlement,
    providers: { chosen, find: () => chosen },
    onPending: () => undefined,
  });
  return payments.createIntent({ ...input, ...fields });
};

const INVALID = [
  ['no method', {}, 'paymentMethod'],
  ['a method that was of another provider', { method: 'sim_success' }, 'paymentMethod'],
  ['an amount that can’t be taken', { method: 'pm_card', amount: 1_001 }, 'amount'],
] as const;

describe('a free order', () => {
  it('needs no method, also where a provider has no default', async () => {
    const made: Payment[] = [];
    const payments = makePayments({
      store: {
        insertPayment: async (payment) => {
          made.push(payment);
          return { payment: { ...payment, status: 'SUCCEEDED' }, isNew: true };
        },
      } satisfies Partial<PaymentStore> as unknown as PaymentStore,
      settlement: {} as Settlement,
      providers: { chosen, find: () => chosen },
      onPending: () => undefined,
    });
    expect(await payments.createIntent({ ...input, amount: 0 })).toMatchObject({
      status: 'SUCCEEDED',
    });
    expect(made).toMatchObject([{ method: 'none' }]);
  });
});

describe.each(INVALID)('a request with %s', (_what, fields, path) => {
  it('is refused when it is the first one', async () => {
    expect(await request(null, fields)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
  });

  it.each(['SUCCEEDED', 'FAILED', 'REFUNDED'] as const)(
    'returns the stored attempt that is %s when it is a repeat',
    async (status) => {
      expect(await request(status, fields)).toMatchObject({ id: 'stored', status });
    },
  );

  it('queries the provider of the stored attempt while that is pending', async () => {
    expect(await request('PROCESSING', fields)).toMatchObject({
      id: 'stored',
      status: 'SUCCEEDED',
    });
  });
});
