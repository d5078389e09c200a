import { getProvider, type ChargeOutcome, type Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import { chargeKey, type Payment } from './payment.ts';

/** How an undecided payment gets its decision, whichever way it comes. */
export type Decisions = {
  /**
   * Writes what a provider says of a payment. The one place where a payment is decided: by the
   * answer to a charge, by a webhook, and by the job that asks again.
   */
  readonly settle: (paymentId: string, outcome: ChargeOutcome) => Promise<Payment>;
  /** Asks the provider for a charge: the same key is the same charge. */
  readonly charge: (payment: Payment) => Promise<ChargeOutcome>;
  /** Asks the provider what is true now, and writes it. May be repeated. */
  readonly ask: (payment: Payment) => Promise<Payment>;
  /**
   * Asks until the payment is decided: the work of a job. A decline is asked about once more, for
   * a provider may still change its mind.
   * @throws while it is not decided
   */
  readonly decide: (paymentId: string) => Promise<void>;
};

/**
 * Makes the decisions of payments.
 * @param onContradiction is told of money that was taken after it had been declined
 */
export const makeDecisions = (deps: {
  store: PaymentStore;
  providers: Providers;
  onContradiction: (paymentId: string) => void;
}): Decisions => {
  const { store, providers } = deps;

  const settle: Decisions['settle'] = async (paymentId, outcome) => {
    const settled = await store.settlePayment(paymentId, outcome);
    if (outcome.status === 'SUCCEEDED' && settled.status === 'FAILED') {
      deps.onContradiction(paymentId);
    }
    return settled;
  };

  const charge: Decisions['charge'] = (payment) => {
    const provider = getProvider(providers, payment.provider);
    if (Date.now() - payment.createdAt.getTime() > provider.keyLifetimeMs) {
      throw new Error('too late to charge again: the provider may have forgotten the key');
    }
    const { amount, method } = payment;
    return provider.charge({ idempotencyKey: chargeKey(payment), amount, method });
  };

  const ask: Decisions['ask'] = async (payment) => {
    const provider = getProvider(providers, payment.provider);
    const { reference } = payment;
    const known = await provider.find({ idempotencyKey: chargeKey(payment), reference });
    if (known) return settle(payment.id, known);
    // It never heard of the charge: whoever was to ask for it was cut off before.
    return payment.status === 'PROCESSING' ? settle(payment.id, await charge(payment)) : payment;
  };

  return {
    settle,
    charge,
    ask,
    decide: async (paymentId) => {
      const [payment] = await store.findPayments([paymentId]);
      if (!payment) throw new Error('a stored payment is gone');
      if (['SUCCEEDED', 'REFUNDED'].includes(payment.status)) return;
      const asked = await ask(payment);
      if (asked.status === 'PROCESSING') throw new Error('the payment is not decided yet');
    },
  };
};
