import { v7 as makeId } from 'uuid';
import type { Payment } from './payment.ts';

/** What the world may know of payments. */
export type PaymentEventType = 'payment.succeeded' | 'payment.failed' | 'payment.refunded';

/** An event in the envelope of CloudEvents 1.0, as JSON. Amounts are in minor units. */
export type PaymentCloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: '/payment';
  readonly type: PaymentEventType;
  /** The payment's id. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, string | number | null>>;
};

/**
 * Makes an event of a payment.
 * @param more what an event of this type tells beside the payment
 */
export const makePaymentEvent = (
  type: PaymentEventType,
  payment: Payment,
  more: PaymentCloudEvent['data'] = {},
): PaymentCloudEvent => ({
  specversion: '1.0',
  id: makeId(),
  source: '/payment',
  type,
  subject: payment.id,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: {
    paymentId: payment.id,
    orderId: payment.orderId,
    attempt: payment.attempt,
    amount: payment.amount.amount,
    currency: payment.amount.currency,
    ...more,
  },
});
