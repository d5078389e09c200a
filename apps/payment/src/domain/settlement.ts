import { nextStep, nextStepAfterNotice, stepOf } from './next-step.ts';
import {
  getProvider,
  type PaymentProvider,
  type PaymentProviders,
  type ProviderOutcome,
} from './payment-provider.ts';
import { getPayment, type PaymentStore } from './payment-store.ts';
import { chargeKey, type Payment } from './payment.ts';

/** The order service, as far as payments need it. */
export type OrderService = {
  /** Says that a payment of an order is settled; the order service then queries its status. */
  readonly notifySettled: (orderId: string) => Promise<void>;
};

/** Whether the order service must be notified of an outcome. */
type Notice = { readonly notifies: boolean };

/** Settles payments: by the response to a charge, by a webhook, or by a poll. */
export type Settlement = {
  /** Stores the provider's state of a charge. The only way in which a payment is settled. */
  readonly settle: (payment: Payment, outcome: ProviderOutcome, notice: Notice) => Promise<Payment>;
  /** Requests the charge of a payment, under the same key each time. */
  readonly charge: (payment: Payment) => Promise<ProviderOutcome>;
  /**
   * Queries the provider for the current state of a charge, and stores it. May be repeated.
   * @param reference the provider's id of the charge from a webhook, when none is stored
   */
  readonly refresh: (
    payment: Payment,
    notice: Notice,
    reference?: string | null,
  ) => Promise<Payment>;
  /**
   * Does what is due for a payment: polls the provider, or notifies the order service. A declined
   * payment is polled too, because a provider may still capture the money, and its webhook may be lost.
   * @returns when the payment is due next; null when nothing is left to do
   * @throws when the provider or the order service fails, or the payment is pending for so long that an
   * operator has to intervene
   */
  readonly advance: (paymentId: string) => Promise<Date | null>;
};

/** A charge that was requested in time has ended this long after it, with any result. */
const LAST_CHARGE_MS = 60 * 60_000;

/**
 * After this time no charge is requested: the order has ended, and its money would only be refunded; or the provider
 * may have deleted the key, and would charge twice.
 */
const lastChargeOf = (
  { createdAt, chargeUntil }: Payment,
  { keyLifetimeMs }: PaymentProvider,
): number =>
  Math.min(createdAt.getTime() + keyLifetimeMs, chargeUntil?.getTime() ?? Number.POSITIVE_INFINITY);

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

  const settle: Settlement['settle'] = async (payment, outcome, { notifies }) => {
    const settled = await store.settlePayment(payment, outcome, notifies);
    if (outcome.status === 'SUCCEEDED' && settled.status === 'FAILED') {
      deps.onLateCapture(payment.id);
    }
    return settled;
  };

  const charge: Settlement['charge'] = async (payment) => {
    const { amount, method } = payment;
    const idempotencyKey = chargeKey(payment);
    // Providers do not accept an amount of 0.
    if (amount.amount === 0) return { status: 'SUCCEEDED', reference: `free:${idempotencyKey}` };
    const provider = providerOf(payment);
    if (Date.now() > lastChargeOf(payment, provider)) {
      throw new Error(
        'too late to charge: the order has ended, or the provider may have deleted the key',
      );
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
      const provider = providerOf(payment);
      const since = payment.createdAt;
      const found = await provider.search({ idempotencyKey: chargeKey(payment), since });
      if (found) return found;
      if (Date.now() <= lastChargeOf(payment, provider) + LAST_CHARGE_MS) throw error;
      return { status: 'FAILED', reference: null, failureCode: 'never_charged' };
    }
  };

  const refresh: Settlement['refresh'] = async (payment, notice, reference = null) => {
    const known = await providerOf(payment).find({
      idempotencyKey: chargeKey(payment),
      reference: payment.reference ?? reference,
    });
    if (known) return settle(payment, known, notice);
    // The provider has no charge: the process stopped before it requested one.
    return payment.status === 'PROCESSING'
      ? settle(payment, await chargeOrSearch(payment), notice)
      : payment;
  };

  const notify = async (payment: Payment): Promise<Date | null> => {
    await orders.notifySettled(payment.orderId);
    const dueAt = nextStepAfterNotice(payment)?.dueAt ?? null;
    await store.markNotified(payment.id, dueAt);
    return dueAt;
  };

  const poll = async (payment: Payment): Promise<Date | null> => {
    const next = nextStep(await refresh(payment, { notifies: true }), new Date());
    if (next && !next.dueAt) throw new Error('the payment is still pending after 30 days');
    return next?.dueAt ?? null;
  };

  return {
    settle,
    charge,
    refresh,

    advance: async (paymentId) => {
      const payment = await getPayment(store, paymentId);
      switch (stepOf(payment)) {
        case 'NOTIFY_ORDER':
          return notify(payment);
        case 'POLL_CHARGE':
        case 'POLL_DECLINE':
          return poll(payment);
        case null:
          return null;
      }
    },
  };
};
