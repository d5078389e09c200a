import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { context, trace } from '@opentelemetry/api';
import { node } from '@opentelemetry/sdk-node';
import { newPayment } from './new-payment.ts';
import { openStores, type Stores } from './open-stores.ts';

const provider = new node.NodeTracerProvider();

let stores: Stores;

beforeAll(async () => {
  provider.register();
  stores = await openStores();
});

afterAll(async () => {
  await stores.close();
  await provider.shutdown();
  trace.disable();
  context.disable();
});

/** @returns the id of a payment that was taken */
const newCaptured = async (): Promise<string> => {
  const { payment } = await stores.payments.insertPayment(newPayment());
  const taken = { status: 'SUCCEEDED', reference: payment.id } as const;
  await stores.payments.settlePayment(payment, taken, false);
  return payment.id;
};

/** Runs work in a span. @returns it as a `traceparent` */
const inSpan = (work: () => Promise<unknown>): Promise<string> =>
  trace.getTracer('test').startActiveSpan('request', async (span) => {
    await work();
    span.end();
    const { traceId, spanId } = span.spanContext();
    return `00-${traceId}-${spanId}-01`;
  });

const tracesIn = async (table: string, paymentId: string) => {
  const rows = await stores.testDatabase.query<{ due_trace: string | null }>(
    `SELECT due_trace FROM ${table} WHERE payment_id = $1`,
    [paymentId],
  );
  return rows.map((row) => row.due_trace);
};

describe('the span of a request is stored with', () => {
  it('the refund that it makes', async () => {
    const paymentId = await newCaptured();
    const span = await inSpan(() =>
      stores.refunds.insertRefund(
        {
          id: randomUUID(),
          paymentId,
          amount: 100,
          reason: 'broken',
          key: randomUUID(),
          requestedBy: randomUUID(),
        },
        new Date(),
      ),
    );
    expect(await tracesIn('refunds', paymentId)).toEqual([span]);
  });

  it('the debt that it makes, and the first refund of it', async () => {
    const paymentId = await newCaptured();
    const debt = { paymentId, reason: 'cancelled', requestedBy: 'order' as const };
    const span = await inSpan(() => stores.refunds.oweRefund(debt, new Date()));
    expect(await tracesIn('refund_debts', paymentId)).toEqual([span]);
    expect(await tracesIn('refunds', paymentId)).toEqual([span]);
    // Written once: another request changes nothing.
    await inSpan(() => stores.refunds.oweRefund(debt, new Date()));
    expect(await tracesIn('refund_debts', paymentId)).toEqual([span]);
  });
});
