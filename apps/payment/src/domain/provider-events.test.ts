import { describe, expect, it } from '@jest/globals';
import type { Decisions } from './ask-provider.ts';
import type { Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import { makeProviderEvents, type ProviderEvent } from './provider-events.ts';
import type { Refunds } from './refunds.ts';

const orderId = '0190a000-0000-7000-8000-000000000001';

/** A payment in this status, and a stored event that names its charge in one way or another. */
const open = (status: PaymentStatus, named: Partial<ProviderEvent>, fields: object = {}) => {
  const done: string[] = [];
  const payment = {
    id: 'payment',
    orderId,
    attempt: 1,
    provider: 'bank',
    reference: 'ch_1',
    status,
    ...fields,
  } as Payment;
  const event = { id: 'event', provider: 'bank', chargeKey: null, chargeReference: null, ...named };
  const { process } = makeProviderEvents({
    events: {
      insertEvent: () => Promise.reject(new Error('not asked for here')),
      findEvent: async () => event as ProviderEvent,
      markProcessed: async () => void done.push('processed'),
    },
    payments: {
      findPaymentsOfOrders: async () => [payment],
      findByReference: async (provider: string, reference: string) =>
        provider === payment.provider && reference === payment.reference ? payment : null,
    } as Partial<PaymentStore> as PaymentStore,
    providers: {} as Providers,
    decisions: {
      ask: async (_payment: Payment, told?: string | null) => {
        done.push(`ask ${told}`);
        return payment;
      },
    } as Partial<Decisions> as Decisions,
    refunds: { askAgain: async () => void done.push('refunds') } as Partial<Refunds> as Refunds,
  });
  return { process: () => process('event'), done };
};

const byKey = { chargeKey: `${orderId}:1` };

describe('news of a payment', () => {
  it.each<[PaymentStatus]>([['PROCESSING'], ['FAILED']])(
    'that is %s makes the shop ask the provider, a decline too: it may be contradicted',
    async (status) => {
      const { process, done } = open(status, { ...byKey, chargeReference: 'ch_2' });
      await process();
      expect(done).toEqual(['ask ch_2', 'refunds', 'processed']);
    },
  );

  it.each<[PaymentStatus]>([['SUCCEEDED'], ['REFUNDED']])(
    'that is %s is about its refunds only: money that is taken stays so',
    async (status) => {
      const { process, done } = open(status, byKey);
      await process();
      expect(done).toEqual(['refunds', 'processed']);
    },
  );

  it('is found by the reference when the event has no key, or one of somebody else', async () => {
    for (const chargeKey of [null, 'of another shop', `${orderId}:2`]) {
      const { process, done } = open('PROCESSING', { chargeKey, chargeReference: 'ch_1' });
      await process();
      expect(done).toEqual(['ask ch_1', 'refunds', 'processed']);
    }
  });

  it.each([
    ['another provider has the same key', byKey, { provider: 'other' }],
    ['the key is of another attempt', { chargeKey: `${orderId}:2` }, {}],
    ['nobody knows the reference', { chargeReference: 'ch_9' }, {}],
    ['it names no charge', {}, {}],
  ])('changes nothing when %s', async (_why, named, fields) => {
    const { process, done } = open('PROCESSING', named, fields);
    await process();
    expect(done).toEqual(['processed']);
  });
});
