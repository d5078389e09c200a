import {
  getProvider,
  type PaymentProvider,
  type PaymentProviders,
  type ProviderOutcome,
} from './payment-provider.ts';
import { getPayment, type PaymentStore } from './payment-store.ts';
import { chargeKey, isDeclined, type Payment } from './payment.ts';
import { nextDeclinePoll, nextPoll, PAYMENT_POLL } from './poll-schedule.ts';

/** The order service, as far as payments need it. */
export type OrderService = {
  /** Says that a payment of an order is settled; the order service then queries its status. */
  readonly notifySettled: (orderId: string) => Promise<void>;
};

/** Settles payments: by the response to a charge, by a webhook, or by a poll. */
export type Settlement = {
  /** Stores the provider's state of a charge. The only way in which a payment is settled. */
  readonly settle: (paymentId: string, outcome: ProviderOutcome) => Promise<Payment>;
  /** Requests the charge of a payment, under the same key each time. */
  readonly charge: (payment: Payment) => Promise<ProviderOutcome>;
  /**
   * Queries the provider for the current state of a charge, and stores it. May be repeated.
   * @param reference the provider's id of the charge from a webhook, when none is stored
   */
  readonly refresh: (payment: Payment, reference?: string | null) => Promise<Payment>;
  /**
   * Job: polls the provider, and schedules the next poll while the payment is pending. A declined
   * payment is polled too, because a provider may still capture the money.
   * @throws when the provider fails, or the payment is pending for so long that an operator has to
   * intervene
   */
  readonly poll: (paymentId: string) => Promise<void>;
  /**
   * Job: polls a declined payment, and schedules the next poll. It finds money that was captured
   * after a decline when the webhook is lost.
   */
  readonly pollDecline: (paymentId: string) => Promise<void>;
  /** Job: tells the order service that a payment is settled. */
  readonly notifyOrder: (paymentId: string) => Promise<void>;
};

/** A charge that was requested within the key's lifetime has ended by then, with any result. */
const LAST_CHARGE_MS = 60 * 60_000;

/** @param onLateCapture receives each payment whose money was captured after a decline */
export const makeSettlement = (deps: {
  store: PaymentStore;
  providers: PaymentProviders;
  orders: OrderService;
  onLateCapture: (paymentId: string) => void;
}): Settlement => {
  const { store, orders } = deps;
  const providerOf = ({ provider }: Payment): PaymentProvider =>
    getProvider(deps.providers, provider);

  const settle: Settlement['settle'] = async (paymentId, outcome) => {
    const settled = await store.settlePayment(paymentId, outcome);
    if (outcome.status === 'SUCCEEDED' && settled.status === 'FAILED') {
      deps.onLateCapture(paymentId);
    }
    return settled;
  };

  const charge: Settlement['charge'] = async (payment) => {
    const { amount, method } = payment;
    const idempotencyKey = chargeKey(payment);
    // Providers do not accept an amount of 0.
    if (amount.amount === 0) return { status: 'SUCCEEDED', reference: `free:${idempotencyKey}` };
    const provider = providerOf(payment);
    if (Date.now() - payment.createdAt.getTime() > provider.keyLifetimeMs) {
      throw new Error('too late to charge again: the provider may have deleted the key');
    }
    return provider.charge({ idempotencyKey, amount, method });
  };

  /**
   * Charges again, which returns the state of the first charge. A provider may store an error as the
   * response to a key although it captured the money, so a failed charge is searched for. A charge
   * that is not found long after the last possible request was never made.
   */
  const chargeOrSearch = async (payment: Payment): Promise<ProviderOutcome> => {
    try {
      return await charge(payment);
    } catch (error) {
      const { search, keyLifetimeMs } = providerOf(payment);
      const since = payment.createdAt;
      const found = await search({ idempotencyKey: chargeKey(payment), since });
      if (found) return found;
      if (Date.now() - since.getTime() <= keyLifetimeMs + LAST_CHARGE_MS) throw error;
      return { status: 'FAILED', reference: null, failureCode: 'never_charged' };
    }
  };

  const refresh: Settlement['refresh'] = async (payment, reference = null) => {
    const known = await providerOf(payment).find({
      idempotencyKey: chargeKey(payment),
      reference: payment.reference ?? reference,
    });
    if (known) return settle(payment.id, known);
    // The provider has no charge: the process stopped before it requested one.
    return payment.status === 'PROCESSING'
      ? settle(payment.id, await chargeOrSearch(payment))
      : payment;
  };

  return {
    settle,
    charge,
    refresh,

    poll: async (paymentId) => {
      const payment = await getPayment(store, paymentId);
      if (['SUCCEEDED', 'REFUNDED'].includes(payment.status)) return;
      const { status, createdAt } = await refresh(payment);
      if (status !== 'PROCESSING') return;
      const pollAt = nextPoll(PAYMENT_POLL, createdAt, new Date());
      if (!pollAt) throw new Error('the payment is still pending after 30 days');
      await store.schedulePoll(paymentId, pollAt);
    },

    pollDecline: async (paymentId) => {
      const payment = await getPayment(store, paymentId);
      const current = isDeclined(payment) ? await refresh(payment) : payment;
      const pollAt = isDeclined(current) ? nextDeclinePoll(current.updatedAt, new Date()) : null;
      if (pollAt) await store.scheduleDeclinePoll(paymentId, pollAt);
    },

    notifyOrder: async (paymentId) => {
      const { orderId } = await getPayment(store, paymentId);
      await orders.notifySettled(orderId);
    },
  };
};
