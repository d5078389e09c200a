import { isDeclined, type Payment } from './payment.ts';
import { nextDeclinePoll, nextPoll, PAYMENT_POLL } from './poll-schedule.ts';

/**
 * What is left to do for a payment.
 * - `POLL_CHARGE`: query the provider for the outcome of a pending charge
 * - `NOTIFY_ORDER`: notify the order service of an outcome
 * - `POLL_DECLINE`: check whether the provider captured the money in spite of its decline
 */
export type PaymentStep = 'POLL_CHARGE' | 'NOTIFY_ORDER' | 'POLL_DECLINE';

export type NextStep = {
  readonly step: PaymentStep;
  /** When it is due; null when it was repeated for so long that an operator has to intervene. */
  readonly dueAt: Date | null;
};

/** What must be done for a payment when it is due; null when nothing must. */
export const stepOf = (payment: Payment): PaymentStep | null => {
  if (payment.status === 'PROCESSING') return 'POLL_CHARGE';
  if (payment.notifyAt) return 'NOTIFY_ORDER';
  return isDeclined(payment) ? 'POLL_DECLINE' : null;
};

/**
 * What must be done next for a payment, and when; null when nothing is left to do.
 * @param doneAt when it was settled, or when its last step was done
 */
export const nextStep = (payment: Payment, doneAt: Date): NextStep | null => {
  const step = stepOf(payment);
  switch (step) {
    case 'POLL_CHARGE':
      return { step, dueAt: nextPoll(PAYMENT_POLL, payment.createdAt, doneAt) };
    case 'NOTIFY_ORDER':
      return { step, dueAt: doneAt };
    case 'POLL_DECLINE': {
      const dueAt = nextDeclinePoll(payment.updatedAt, doneAt);
      return dueAt && { step, dueAt };
    }
    case null:
      return null;
  }
};

/**
 * What must be done next for a payment whose order service was notified, and when. A check of a decline
 * that waited for the notification is due at once.
 */
export const nextStepAfterNotice = (payment: Payment): NextStep | null =>
  nextStep({ ...payment, notifyAt: null }, payment.updatedAt);
