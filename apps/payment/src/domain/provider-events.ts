import { problem, type Problem } from '@cartograph/errors';
import { isWithin } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { Decisions } from './ask-provider.ts';
import type { Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import { readChargeKey, type Payment } from './payment.ts';
import type { Refunds } from './refunds.ts';

/** What a provider told by webhook. */
export type ProviderEvent = {
  readonly id: string;
  readonly provider: string;
  /** What the provider calls it. */
  readonly eventId: string;
  /** The charge that it is about, as far as it names one. */
  readonly chargeKey: string | null;
  readonly chargeReference: string | null;
  readonly receivedAt: Date;
};

/** Where the events of providers are kept. */
export type ProviderEventStore = {
  /** Keeps each event of a provider once, and with the first the job that acts on it. */
  readonly insertEvent: (
    event: ProviderEvent,
  ) => Promise<{ readonly event: ProviderEvent; readonly isNew: boolean }>;
  readonly findEvent: (id: string) => Promise<ProviderEvent | null>;
  readonly markProcessed: (id: string) => Promise<void>;
};

/** What a provider is answered. */
export type EventReceipt = {
  readonly id: string;
  readonly received: Date;
  readonly duplicate: boolean;
};

/** A webhook's body is text of a size that a provider sends. */
const MAX_PAYLOAD = 256 * 1024;

/** Stripe signs with each of its secrets while one is rotated: 64 digits for each. */
const MAX_SIGNATURE = 1_000;

/** How the news of providers come in. */
export type ProviderEvents = {
  /** Keeps an event that is proved to be the provider's; what follows from it is done by a job. */
  readonly record: (input: {
    readonly provider: string;
    readonly payload: string;
    readonly signature: string;
  }) => Promise<EventReceipt | Problem<'PAYMENT_EVENT_REFUSED'>>;
  /**
   * Acts on a stored event: asks the provider what is true now. What the event itself says, and
   * which came before it, does not matter. May be repeated.
   */
  readonly process: (id: string) => Promise<void>;
};

/** Makes the rules of what providers tell by webhook. */
export const makeProviderEvents = (deps: {
  events: ProviderEventStore;
  payments: PaymentStore;
  providers: Providers;
  decisions: Decisions;
  refunds: Refunds;
}): ProviderEvents => {
  const { events, payments, decisions, refunds } = deps;

  const findPayment = async (event: ProviderEvent): Promise<Payment | null> => {
    const attempt = event.chargeKey === null ? null : readChargeKey(event.chargeKey);
    if (attempt) {
      const ofOrder = await payments.findPaymentsOfOrders([attempt.orderId]);
      const payment = ofOrder.find((one) => one.attempt === attempt.attempt);
      if (payment?.provider === event.provider) return payment;
    }
    return event.chargeReference === null
      ? null
      : payments.findByReference(event.provider, event.chargeReference);
  };

  return {
    record: async ({ provider: name, payload, signature }) => {
      const provider = deps.providers.find(name);
      if (!provider) return problem('PAYMENT_EVENT_REFUSED', {}, 'The provider is not known.');
      const isReadable =
        isWithin(payload, MAX_PAYLOAD) &&
        isWithin(signature, MAX_SIGNATURE) &&
        !payload.includes('\0');
      const news = isReadable ? provider.readNews(payload, signature) : null;
      if (!news) return problem('PAYMENT_EVENT_REFUSED');
      const { event, isNew } = await events.insertEvent({
        id: makeId(),
        provider: name,
        eventId: news.id,
        chargeKey: news.charge?.key ?? null,
        chargeReference: news.charge?.reference ?? null,
        receivedAt: new Date(),
      });
      return { id: event.id, received: event.receivedAt, duplicate: !isNew };
    },

    process: async (id) => {
      const event = await events.findEvent(id);
      if (!event) throw new Error('a stored event is gone');
      // An account at a provider may serve others besides this shop.
      const payment = await findPayment(event);
      if (payment) {
        // Money that is taken stays so; a decline may still be contradicted.
        if (['PROCESSING', 'FAILED'].includes(payment.status)) {
          await decisions.ask(payment, event.chargeReference);
        }
        await refunds.askAgain(payment.id);
      }
      await events.markProcessed(id);
    },
  };
};
