import { describe, expect, it } from 'vitest';
import type { Settlement } from './settlement.ts';
import type { ChargeClaim, PaymentProviders } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import type { ProviderEvent, ProviderEventStore } from './provider-event-store.ts';
import { makeProviderEvents } from './provider-events.ts';
import type { Refunds } from './refunds.ts';

const orderId = '0190a000-0000-7000-8000-000000000001';

/** A payment with this status, and a stored event that names its charge. */
const open = (
  status: PaymentStatus,
  named: Partial<ProviderEvent>,
  fields: object = {},
  claim: ChargeClaim = null,
) => {
  const done: string[] = [];
  const payment = {
    id: 'payment',
    orderId,
    attempt: 1,
    provider: 'bank',
    reference: 'ch_1',
    status,
    createdAt: new Date(0),
    capturedAt: ['SUCCEEDED', 'REFUNDED'].includes(status) ? new Date() : null,
    ...fields,
  } as Payment;
  const event = { id: 'event', provider: 'bank', chargeKey: null, chargeReference: null, ...named };
  const key = `${orderId}:1`;
  const { process, record } = makeProviderEvents({
    events: {
      insertEvent: async (inserted: ProviderEvent, delayMs: number) => {
        done.push(`inserted, due in ${Math.ceil(delayMs / 1_000)} s`);
        return { event: inserted, isNew: true };
      },
      findEvent: async () => event as ProviderEvent,
      markProcessed: async () => void done.push('processed'),
    } as Partial<ProviderEventStore> as ProviderEventStore,
    payments: {
      findAttempt: async (_orderId: string, attempt: number) =>
        attempt === payment.attempt ? payment : null,
      findByReference: async (provider: string, reference: string) =>
        provider === payment.provider && reference === payment.reference ? payment : null,
    } as Partial<PaymentStore> as PaymentStore,
    providers: {
      find: (name: string) =>
        name === 'bank'
          ? { parseWebhookEvent: () => ({ id: 'evt', claim, charge: { key, reference: 'ch_1' } }) }
          : null,
    } as unknown as PaymentProviders,
    settlement: {
      refresh: async (_payment: Payment, { notifies }, reference?: string | null) => {
        done.push(`${notifies ? 'refresh and notify' : 'refresh'} ${reference}`);
        return payment;
      },
    } as Partial<Settlement> as Settlement,
    refunds: { refresh: async () => void done.push('refunds') } as Partial<Refunds> as Refunds,
    onDue: () => void done.push('due'),
  });
  return {
    process: () => process('event'),
    record: () => record({ provider: 'bank', payload: '{}', signature: 's' }),
    done,
  };
};

const byKey = { chargeKey: `${orderId}:1` };

describe('an event of a payment', () => {
  it.each<[PaymentStatus]>([['PROCESSING'], ['FAILED']])(
    'that is %s makes the service query the provider',
    async (status) => {
      const { process, done } = open(status, { ...byKey, chargeReference: 'ch_2' });
      await process();
      expect(done).toEqual(['refresh and notify ch_2', 'refunds', 'processed']);
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
      expect(done).toEqual(['refresh and notify ch_1', 'refunds', 'processed']);
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

describe('a webhook', () => {
  it.each<[ChargeClaim, PaymentStatus, object]>([
    ['SUCCEEDED', 'SUCCEEDED', {}],
    ['SUCCEEDED', 'REFUNDED', {}],
    ['SUCCEEDED', 'FAILED', { capturedAt: new Date() }],
    ['PROCESSING', 'SUCCEEDED', {}],
    ['FAILED', 'FAILED', {}],
  ])('that says %s of a payment that is %s %j is a duplicate', async (claim, status, fields) => {
    const { record, done } = open(status, {}, fields, claim);
    const first = await record();
    expect(first).toMatchObject({ duplicate: true });
    expect(await record()).toMatchObject({ id: 'id' in first ? first.id : '' });
    expect(done).toEqual([]);
  });

  it.each<[ChargeClaim, PaymentStatus, object]>([
    ['SUCCEEDED', 'PROCESSING', {}],
    ['SUCCEEDED', 'FAILED', {}],
    ['FAILED', 'SUCCEEDED', {}],
    ['FAILED', 'PROCESSING', {}],
    ['PROCESSING', 'PROCESSING', {}],
    ['PROCESSING', 'FAILED', {}],
    [null, 'SUCCEEDED', {}],
    ['SUCCEEDED', 'SUCCEEDED', { provider: 'other', reference: 'ch_9' }],
  ])('that says %s of a payment that is %s %j is stored', async (claim, status, fields) => {
    const { record, done } = open(status, {}, fields, claim);
    expect(await record()).toMatchObject({ duplicate: false });
    expect(done).toEqual(['inserted, due in 0 s', 'due']);
  });

  it('that is faster than the answer to its charge waits for that', async () => {
    const { record, done } = open('PROCESSING', {}, { createdAt: new Date() }, 'SUCCEEDED');
    await record();
    expect(done).toEqual(['inserted, due in 2 s']);
  });
});
