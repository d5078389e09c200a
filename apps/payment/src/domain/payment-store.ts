import type { ProviderOutcome } from './payment-provider.ts';
import type { Payment } from './payment.ts';
import type { RefundStore } from './refund-store.ts';

/** Stores payments. */
export type PaymentStore = {
  /**
   * Inserts one payment per order and attempt; a repeat returns the stored one. It is due when its next
   * step is: until then the charge belongs to its request.
   */
  readonly insertPayment: (
    payment: Payment,
  ) => Promise<{ readonly payment: Payment; readonly isNew: boolean }>;
  /**
   * Stores the provider's state of a charge. A pending payment is settled once, together with its
   * event and the time of its next step. Money that was captured after a decline is stored together
   * with its refund.
   * @param notifies whether the order service must be notified of the outcome: not when it is the
   *   answer to its own request
   * @returns the stored payment
   */
  readonly settlePayment: (
    payment: Payment,
    outcome: ProviderOutcome,
    notifies: boolean,
  ) => Promise<Payment>;
  /**
   * Stores that the order service was notified.
   * @param dueAt when the payment must be processed next; null: nothing is left to do
   */
  readonly markNotified: (id: string, dueAt: Date | null) => Promise<void>;
  /** The payment of one attempt; null when there is none, or the attempt is closed. */
  readonly findAttempt: (orderId: string, attempt: number) => Promise<Payment | null>;
  /** Closed attempts are no payments: the reads leave them out. */
  readonly findPayments: (ids: readonly string[]) => Promise<readonly Payment[]>;
  /** Oldest first. Without closed attempts. */
  readonly findPaymentsOfOrders: (orderIds: readonly string[]) => Promise<readonly Payment[]>;
  readonly findByReference: (provider: string, reference: string) => Promise<Payment | null>;
};

/** @throws when there is no such payment */
export const getPayment = async (store: PaymentStore, id: string): Promise<Payment> => {
  const [payment] = await store.findPayments([id]);
  if (!payment) throw new Error(`payment ${id} does not exist`);
  return payment;
};

/** The reads of payments and refunds that clients see. */
export type PaymentReader = Pick<PaymentStore, 'findPayments' | 'findPaymentsOfOrders'> &
  Pick<RefundStore, 'findRefundsOfPayments'>;
