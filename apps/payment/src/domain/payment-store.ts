import type { ChargeOutcome } from './payment-provider.ts';
import type { Payment } from './payment.ts';

/** Where payments are kept. */
export type PaymentStore = {
  /** Keeps one payment an order and attempt: a repeat returns the one that is there. */
  readonly insertPayment: (payment: Payment) => Promise<Payment>;
  /** Writes what the provider decided, unless it was decided before. @returns what stands then */
  readonly settlePayment: (id: string, outcome: ChargeOutcome) => Promise<Payment>;
  readonly findPayments: (ids: readonly string[]) => Promise<readonly Payment[]>;
  /** Oldest first. */
  readonly findPaymentsOfOrders: (orderIds: readonly string[]) => Promise<readonly Payment[]>;
};
