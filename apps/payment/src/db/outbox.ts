import { writeEvents, type EventData, type EventDraft } from '@cartograph/events';
import type { Payment } from '../domain/payment.ts';
import type { Prisma } from './generated/client.ts';

/** The data that all events of a payment have. */
type PaymentData = EventData<'payment.succeeded'>;

type Details<Type extends 'payment.failed' | 'payment.refunded'> = { readonly type: Type } & Omit<
  EventData<Type>,
  keyof PaymentData
>;

type PaymentEvent =
  { readonly type: 'payment.succeeded' } | Details<'payment.failed'> | Details<'payment.refunded'>;

/** The event of a payment, as the outbox stores it. */
export const draftEvent = (payment: Payment, event: PaymentEvent): EventDraft => {
  const subject = payment.id;
  const data: PaymentData = {
    paymentId: payment.id,
    orderId: payment.orderId,
    attempt: payment.attempt,
    amount: payment.amount.amount,
    currency: payment.amount.currency,
  };
  switch (event.type) {
    case 'payment.succeeded':
      return { type: event.type, subject, data };
    case 'payment.failed': {
      const { type, ...details } = event;
      return { type, subject, data: { ...data, ...details } };
    }
    case 'payment.refunded': {
      const { type, ...details } = event;
      return { type, subject, data: { ...data, ...details } };
    }
  }
};

/** Writes an event of a payment, in the transaction of its cause. */
export const writeEvent = (
  tx: Prisma.TransactionClient,
  payment: Payment,
  event: PaymentEvent,
): Promise<void> => writeEvents(tx, [draftEvent(payment, event)]);
