import type { ChargeOutcome } from './payment-provider.ts';
import type { Payment } from './payment.ts';

/** Where payments are kept. */
export type PaymentStore = {
  /**
   * Keeps one payment an order and attempt: a repeat returns the one that is there. With a new one
   * the job is stored that asks the provider what became of it.
   * @param askAt when that job is due
   */
  readonly insertPayment: (
    payment: Payment,
    askAt: Date,
  ) => Promise<{ readonly payment: Payment; readonly isNew: boolean }>;
  /**
   * Writes what the provider says. Only an undecided payment is decided, and with it the jobs and
   * events that follow are stored; with a decline also the job that watches it. Money that was taken
   * in spite of a decline is noted, and its refund stored.
   * @returns what stands then
   */
  readonly settlePayment: (id: string, outcome: ChargeOutcome) => Promise<Payment>;
  /** Stores the job that asks about an undecided payment again. */
  readonly planPoll: (id: string, pollAt: Date) => Promise<void>;
  /** Stores the job that asks about a decline again. */
  readonly planDeclineLook: (id: string, lookAt: Date) => Promise<void>;
  readonly findPayments: (ids: readonly string[]) => Promise<readonly Payment[]>;
  /** Oldest first. */
  readonly findPaymentsOfOrders: (orderIds: readonly string[]) => Promise<readonly Payment[]>;
  readonly findByReference: (provider: string, reference: string) => Promise<Payment | null>;
};
