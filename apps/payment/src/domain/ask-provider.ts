import { getProvider, type ChargeOutcome, type Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import { chargeKey, isDeclined, type Payment } from './payment.ts';
import { nextPoll, PAYMENT_POLL } from './poll-times.ts';

/** How an undecided payment gets its decision, whichever way it comes. */
export type Decisions = {
  /**
   * Writes what a provider says of a payment. The one place where a payment is decided: by the
   * answer to a charge, by a webhook, and by the job that asks again.
   */
  readonly settle: (paymentId: string, outcome: ChargeOutcome) => Promise<Payment>;
  /** Asks the provider for a charge: the same key is the same charge. */
  readonly charge: (payment: Payment) => Promise<ChargeOutcome>;
  /**
   * Asks the provider what is true now, and writes it. May be repeated.
   * @param told what the provider's news call the charge, when nobody has told us before
   */
  readonly ask: (payment: Payment, told?: string | null) => Promise<Payment>;
  /**
   * Polls the provider for a stored payment, and plans the next poll while it has not decided: the
   * work of a job. A decline is asked about once more, for a provider may still change its mind.
   * @throws when the provider can't be asked, or was undecided for so long that a person has to look
   */
  readonly decide: (paymentId: string) => Promise<void>;
  /**
   * Asks about a decline again, and plans the next time: the work of a job. Without it, money that
   * was taken after a decline would stay unseen when the provider's news of it are lost.
   */
  readonly watchDecline: (paymentId: string) => Promise<void>;
};

const MINUTE_MS = 60_000;

/** A charge that was asked for in time is over, whatever becomes of it, so long after. */
const LAST_CHARGE_MS = 60 * MINUTE_MS;

/** A decline is asked about this long after it. Later than that, only the provider's news can tell. */
const DECLINE_LOOKS_MS = [10 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS] as const;

/** When a decline is to be asked about next; null when it was often enough. */
export const nextDeclineLook = (declinedAt: Date, now: Date): Date | null => {
  const ageMs = now.getTime() - declinedAt.getTime();
  const nextMs = DECLINE_LOOKS_MS.find((lookMs) => lookMs > ageMs);
  return nextMs === undefined ? null : new Date(declinedAt.getTime() + nextMs);
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

  const charge: Decisions['charge'] = async (payment) => {
    const { amount, method } = payment;
    const idempotencyKey = chargeKey(payment);
    // No provider takes nothing.
    if (amount.amount === 0) return { status: 'SUCCEEDED', reference: `free:${idempotencyKey}` };
    const provider = getProvider(providers, payment.provider);
    if (Date.now() - payment.createdAt.getTime() > provider.keyLifetimeMs) {
      throw new Error('too late to charge again: the provider may have forgotten the key');
    }
    return provider.charge({ idempotencyKey, amount, method });
  };

  /**
   * Charges, or finds out that it was charged. A provider may keep an error as its answer to the
   * key, also of a charge that it took. What is nowhere long after the last time it could have been
   * charged was never taken.
   */
  const chargeOrSearch = async (payment: Payment): Promise<ChargeOutcome> => {
    try {
      return await charge(payment);
    } catch (error) {
      const { search, keyLifetimeMs } = getProvider(providers, payment.provider);
      const since = payment.createdAt;
      const found = await search({ idempotencyKey: chargeKey(payment), since });
      if (found) return found;
      if (Date.now() - since.getTime() <= keyLifetimeMs + LAST_CHARGE_MS) throw error;
      return { status: 'FAILED', reference: null, failureCode: 'never_charged' };
    }
  };

  const ask: Decisions['ask'] = async (payment, told = null) => {
    const provider = getProvider(providers, payment.provider);
    const reference = payment.reference ?? told;
    const known = await provider.find({ idempotencyKey: chargeKey(payment), reference });
    if (known) return settle(payment.id, known);
    // It never heard of the charge: whoever was to ask for it was cut off before.
    return payment.status === 'PROCESSING'
      ? settle(payment.id, await chargeOrSearch(payment))
      : payment;
  };

  const find = async (paymentId: string): Promise<Payment> => {
    const [payment] = await store.findPayments([paymentId]);
    if (!payment) throw new Error('a stored payment is gone');
    return payment;
  };

  return {
    settle,
    charge,
    ask,
    decide: async (paymentId) => {
      const payment = await find(paymentId);
      if (['SUCCEEDED', 'REFUNDED'].includes(payment.status)) return;
      const asked = await ask(payment);
      if (asked.status !== 'PROCESSING') return;
      // A bank debit takes days, and the provider says so: that is no failure.
      const pollAt = nextPoll(PAYMENT_POLL, asked.createdAt, new Date());
      if (!pollAt) throw new Error('the payment is not decided yet');
      await store.planPoll(paymentId, pollAt);
    },
    watchDecline: async (paymentId) => {
      const payment = await find(paymentId);
      const asked = isDeclined(payment) ? await ask(payment) : payment;
      const lookAt = isDeclined(asked) ? nextDeclineLook(asked.updatedAt, new Date()) : null;
      if (lookAt) await store.planDeclineLook(paymentId, lookAt);
    },
  };
};
