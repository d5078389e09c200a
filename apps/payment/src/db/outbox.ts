import { writeEvents, type EventData } from '@cartograph/events';
import type { Payment } from '../domain/payment.ts';
import type { Prisma } from './generated/client.ts';

type Told = EventData<'payment.succeeded'>;

/** What an event tells beside the payment. */
type More =
  | { readonly type: 'payment.succeeded' }
  | ({ readonly type: 'payment.failed' } & Omit<EventData<'payment.failed'>, keyof Told>)
  | ({ readonly type: 'payment.refunded' } & Omit<EventData<'payment.refunded'>, keyof Told>);

/** Writes what others are told of a payment, in the transaction of its cause. */
export const writeEvent = (
  tx: Prisma.TransactionClient,
  payment: Payment,
  more: More,
): Promise<void> => {
  const told: Told = {
    paymentId: payment.id,
    orderId: payment.orderId,
    attempt: payment.attempt,
    amount: payment.amount.amount,
    currency: payment.amount.currency,
  };
  const subject = payment.id;
  switch (more.type) {
    case 'payment.succeeded':
      return writeEvents(tx, [{ type: more.type, subject, data: told }]);
    case 'payment.failed': {
      const { type, ...rest } = more;
      return writeEvents(tx, [{ type, subject, data: { ...told, ...rest } }]);
    }
    case 'payment.refunded': {
      const { type, ...rest } = more;
      return writeEvents(tx, [{ type, subject, data: { ...told, ...rest } }]);
    }
  }
};
