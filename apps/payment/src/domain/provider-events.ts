import { problem, type Problem } from '@cartograph/errors';
import { v5 as makeId } from 'uuid';
import { isAcceptableWebhook, type WebhookInput } from './input.ts';
import type { ChargeClaim, PaymentProviders } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
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
  /**
   * Stores a webhook event whose signature is valid, and makes it due to be processed. One that says
   * what is stored already is a duplicate: it is not stored.
   */
  readonly record: (
    input: WebhookInput,
  ) => Promise<EventReceipt | Problem<'PAYMENT_EVENT_REFUSED'>>;
  /**
   * Queries the provider for the current state of the payment and its refunds. The content and the
   * order of events do not matter. May be repeated.
   * @returns null: nothing is left to do for the event
   */
  readonly process: (id: string) => Promise<null>;
};

/** The ids of events are derived from this and the provider's ids: a repeat has the same receipt. */
const EVENT_IDS = '5b6b0c3e-6c0a-4f0e-9d57-0d7f1c2a8e11';

/**
 * A webhook may be faster than the answer to the request that it is about. An event of a pending
 * payment that is younger than this waits for that answer.
 */
const ANSWER_MS = 2_000;

/** Whether a claim about a charge is old: the payment is settled, and says the same or more. */
export const isKnown = (payment: Payment, claim: ChargeClaim): boolean => {
  switch (claim) {
    case 'SUCCEEDED':
      return payment.capturedAt !== null;
    case 'FAILED':
      return payment.status === 'FAILED';
    // After a decline it may announce a late capture.
    case 'PROCESSING':
      return payment.capturedAt !== null;
    case null:
      return false;
  }
};

/** @param onDue called when a stored event is due now */
export const makeProviderEvents = (deps: {
  events: ProviderEventStore;
  payments: PaymentStore;
  providers: PaymentProviders;
  settlement: Settlement;
  refunds: Refunds;
  onDue: () => void;
}): ProviderEvents => {
  const { events, payments, settlement, refunds } = deps;

  const findPayment = async (
    event: Pick<ProviderEvent, 'provider' | 'chargeKey' | 'chargeReference'>,
  ): Promise<Payment | null> => {
    const key = event.chargeKey === null ? null : parseChargeKey(event.chargeKey);
    if (key) {
      const payment = await payments.findAttempt(key.orderId, key.attempt);
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
      const receivedAt = new Date();
      const draft: ProviderEvent = {
        id: makeId(`${input.provider}:${webhook.id}`, EVENT_IDS),
        provider: input.provider,
        eventId: webhook.id,
        chargeKey: webhook.charge?.key ?? null,
        chargeReference: webhook.charge?.reference ?? null,
        receivedAt,
      };
      const payment = webhook.claim === null ? null : await findPayment(draft);
      if (payment && isKnown(payment, webhook.claim)) {
        return { id: draft.id, received: receivedAt, duplicate: true };
      }
      const ageMs = payment ? receivedAt.getTime() - payment.createdAt.getTime() : ANSWER_MS;
      const delayMs = Math.min(Math.max(ANSWER_MS - ageMs, 0), ANSWER_MS);
      const { event, isNew } = await events.insertEvent(draft, delayMs);
      if (delayMs === 0) deps.onDue();
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
          await settlement.refresh(payment, { notifies: true }, event.chargeReference);
        }
        await refunds.refresh(payment.id);
      }
      await events.markProcessed(id);
      return null;
    },
  };
};
