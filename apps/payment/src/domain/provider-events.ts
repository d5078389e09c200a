import { problem, type Problem } from '@cartograph/errors';
import { v7 as makeId } from 'uuid';
import { isAcceptableWebhook, type WebhookInput } from './input.ts';
import type { PaymentProviders } from './payment-provider.ts';
import { findAttempt, type PaymentStore } from './payment-store.ts';
import { parseChargeKey, type Payment } from './payment.ts';
import type { ProviderEvent, ProviderEventStore } from './provider-event-store.ts';
import type { Refunds } from './refunds.ts';
import type { Settlement } from './settlement.ts';

/** The response to a webhook. */
export type EventReceipt = {
  readonly id: string;
  readonly received: Date;
  readonly duplicate: boolean;
};

export type ProviderEvents = {
  /** Stores a webhook event whose signature is valid; a job processes it. */
  readonly record: (
    input: WebhookInput,
  ) => Promise<EventReceipt | Problem<'PAYMENT_EVENT_REFUSED'>>;
  /**
   * Job: queries the provider for the current state of the payment and its refunds. The content and
   * the order of events do not matter. May be repeated.
   */
  readonly process: (id: string) => Promise<void>;
};

export const makeProviderEvents = (deps: {
  events: ProviderEventStore;
  payments: PaymentStore;
  providers: PaymentProviders;
  settlement: Settlement;
  refunds: Refunds;
}): ProviderEvents => {
  const { events, payments, settlement, refunds } = deps;

  const findPayment = async (event: ProviderEvent): Promise<Payment | null> => {
    const key = event.chargeKey === null ? null : parseChargeKey(event.chargeKey);
    if (key) {
      const payment = await findAttempt(payments, key.orderId, key.attempt);
      if (payment?.provider === event.provider) return payment;
    }
    return event.chargeReference === null
      ? null
      : payments.findByReference(event.provider, event.chargeReference);
  };

  return {
    record: async (input) => {
      const provider = deps.providers.find(input.provider);
      if (!provider) return problem('PAYMENT_EVENT_REFUSED', {}, 'The provider is not known.');
      const webhook = isAcceptableWebhook(input)
        ? provider.parseWebhookEvent(input.payload, input.signature)
        : null;
      if (!webhook) return problem('PAYMENT_EVENT_REFUSED');
      const { event, isNew } = await events.insertEvent({
        id: makeId(),
        provider: input.provider,
        eventId: webhook.id,
        chargeKey: webhook.charge?.key ?? null,
        chargeReference: webhook.charge?.reference ?? null,
        receivedAt: new Date(),
      });
      return { id: event.id, received: event.receivedAt, duplicate: !isNew };
    },

    process: async (id) => {
      const event = await events.findEvent(id);
      if (!event) throw new Error(`provider event ${id} does not exist`);
      // No payment: other shops may use the same account of a provider.
      const payment = await findPayment(event);
      if (payment) {
        // A success is final; a decline may still be contradicted.
        if (['PROCESSING', 'FAILED'].includes(payment.status)) {
          await settlement.refresh(payment, event.chargeReference);
        }
        await refunds.refresh(payment.id);
      }
      await events.markProcessed(id);
    },
  };
};
