import { describe, expect, it } from '@jest/globals';
import type { Settlement } from './settlement.ts';
import type { PaymentProviders } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import type { ProviderEvent, ProviderEventStore } from './provider-event-store.ts';
import { makeProviderEvents } from './provider-events.ts';
import type { Refunds } from './refunds.ts';

const orderId = '0190a000-0000-7000-8000-000000000001';

/** A payment with this status, and a stored event that names its charge. */
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
      findEvent: async () => event as ProviderEvent,
      markProcessed: async () => void done.push('processed'),
    } as Partial<ProviderEventStore> as ProviderEventStore,
    payments: {
      findPaymentsOfOrders: async () => [payment],
      findByReference: async (provider: string, reference: string) =>
        provider === payment.provider && reference === payment.reference ? payment : null,
    } as Partial<PaymentStore> as PaymentStore,
    providers: {} as PaymentProviders,
    settlement: {
      refresh: async (_payment: Payment, reference?: string | null) => {
        done.push(`refresh ${reference}`);
        return payment;
      },
    } as Partial<Settlement> as Settlement,
    refunds: { refresh: async () => void done.push('refunds') } as Partial<Refunds> as Refunds,
  });
  return { process: () => process('event'), done };
};

const byKey = { chargeKey: `${orderId}:1` };

describe('an event of a payment', () => {
  it.each<[PaymentStatus]>([['PROCESSING'], ['FAILED']])(
    'that is %s makes the service query the provider',
    async (status) => {
      const { process, done } = open(status, { ...byKey, chargeReference: 'ch_2' });
      await process();
      expect(done).toEqual(['refresh ch_2', 'refunds', 'processed']);
    },
  );

  it.each<[PaymentStatus]>([['SUCCEEDED'], ['REFUNDED']])(
    'that is %s makes the service query only the refunds',
    async (status) => {
      const { process, done } = open(status, byKey);
      await process();
      expect(done).toEqual(['refunds', 'processed']);
    },
  );

  it('is found by its reference when the event has no key, or an unknown one', async () => {
    for (const chargeKey of [null, 'of another shop', `${orderId}:2`]) {
      const { process, done } = open('PROCESSING', { chargeKey, chargeReference: 'ch_1' });
      await process();
      expect(done).toEqual(['refresh ch_1', 'refunds', 'processed']);
    }
  });

  it.each([
    ['another provider has the same key', byKey, { provider: 'other' }],
    ['the key is of another attempt', { chargeKey: `${orderId}:2` }, {}],
    ['the reference is unknown', { chargeReference: 'ch_9' }, {}],
    ['it names no charge', {}, {}],
  ])('changes nothing when %s', async (_why, named, fields) => {
    const { process, done } = open('PROCESSING', named, fields);
    await process();
    expect(done).toEqual(['processed']);
  });
});
