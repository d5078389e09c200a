import type { ProviderOutcome } from './payment-provider.ts';
import type { Payment } from './payment.ts';
import type { RefundStore } from './refund-store.ts';

/** Stores payments. */
export type PaymentStore = {
  /**
   * Inserts one payment per order and attempt; a repeat returns the stored one. Enqueues the job that
   * polls the provider.
   * @param pollAt when that job is due; null for a payment that needs none
   */
  readonly insertPayment: (
    payment: Payment,
    pollAt: Date | null,
  ) => Promise<{ readonly payment: Payment; readonly isNew: boolean }>;
  /**
   * Stores the provider's state of a charge. A pending payment is settled once, together with its
   * events and the jobs that notify the order service and poll a decline. Money that was captured
   * after a decline is stored together with its refund.
   * @returns the stored payment
   */
  readonly settlePayment: (id: string, outcome: ProviderOutcome) => Promise<Payment>;
  /** Enqueues the next poll of a pending payment. */
  readonly schedulePoll: (id: string, pollAt: Date) => Promise<void>;
  /** Enqueues the next poll of a decline. */
  readonly scheduleDeclinePoll: (id: string, pollAt: Date) => Promise<void>;
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

/** The payment of one attempt; null when there is none. */
export const findAttempt = async (
  store: PaymentStore,
  orderId: string,
  attempt: number,
): Promise<Payment | null> => {
  const payments = await store.findPaymentsOfOrders([orderId]);
  return payments.find((payment) => payment.attempt === attempt) ?? null;
};

/** The reads of payments and refunds that clients see. */
export type PaymentReader = Pick<PaymentStore, 'findPayments' | 'findPaymentsOfOrders'> &
  Pick<RefundStore, 'findRefundsOfPayments'>;
