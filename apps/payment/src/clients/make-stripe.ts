import Stripe from 'stripe';
import type { ChargeOutcome, PaymentProvider, RefundOutcome } from '../domain/payment-provider.ts';

/** Whose account it is, and how long a call may take. */
export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly apiBase: string;
  readonly timeoutMs: number;
};

/** Stripe may forget an idempotency key after 24 hours. */
const KEY_LIFETIME_MS = 23 * 60 * 60_000;

/** Where Stripe keeps our key of a charge or refund. */
const KEY = 'key';

const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null);

const toRefundOutcome = (refund: Stripe.Refund): RefundOutcome => {
  const { id: reference, status, failure_reason: reason } = refund;
  switch (status) {
    case 'succeeded':
      return { status: 'SUCCEEDED', reference };
    case 'failed':
    case 'canceled':
      return { status: 'FAILED', reference, failureCode: reason ?? status };
    // It has yet to be sent, to be acted on, or to be read by us.
    case 'pending':
    case 'requires_action':
    case null:
    default:
      return { status: 'PROCESSING', reference };
  }
};

/**
 * Makes a payment provider of Stripe's PaymentIntents: created and confirmed in one call, the
 * customer not present. What Stripe does not decide in that call, or says with a 5xx, is undecided.
 * Nothing is tried again here: that is the work of the job that asks. (Stripe's library repeats a
 * request once, under the same key, when a kept connection turns out to be closed.)
 * @see https://docs.stripe.com/api/payment_intents
 */
export const makeStripe = (options: StripeOptions): PaymentProvider => {
  const base = new URL(options.apiBase);
  const isSecure = base.protocol === 'https:';
  const stripe = new Stripe(options.secretKey, {
    protocol: isSecure ? 'https' : 'http',
    host: base.hostname,
    port: base.port || (isSecure ? 443 : 80),
    timeout: options.timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
  });

  /** Makes a decline final: an intent that is not cancelled could still be paid. */
  const giveUp = async (reference: string, failureCode: string): Promise<ChargeOutcome> => {
    try {
      await stripe.paymentIntents.cancel(reference);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      const { status } = await stripe.paymentIntents.retrieve(reference);
      if (status === 'succeeded') return { status: 'SUCCEEDED', reference };
      if (status !== 'canceled') throw error;
    }
    return { status: 'FAILED', reference, failureCode };
  };

  const toOutcome = async (intent: Stripe.PaymentIntent): Promise<ChargeOutcome> => {
    const { id: reference, last_payment_error: fault } = intent;
    const failureCode = fault?.decline_code ?? fault?.code;
    switch (intent.status) {
      case 'succeeded':
        return { status: 'SUCCEEDED', reference };
      case 'canceled':
        return { status: 'FAILED', reference, failureCode: failureCode ?? 'canceled' };
      case 'requires_payment_method':
        return giveUp(reference, failureCode ?? 'card_declined');
      // Nobody is there who could do what it asks for.
      case 'requires_action':
      case 'requires_confirmation':
        return giveUp(reference, 'authentication_required');
      case 'processing':
      case 'requires_capture':
        return { status: 'PROCESSING', reference };
    }
  };

  return {
    name: 'stripe',
    defaultMethod: null,
    keyLifetimeMs: KEY_LIFETIME_MS,
    acceptsMethod: (method) => /^pm_\w{1,96}$/.test(method),

    charge: async ({ idempotencyKey, amount, method }) => {
      const [orderId = '', attempt = ''] = idempotencyKey.split(':');
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount: amount.amount,
            currency: amount.currency.toLowerCase(),
            payment_method: method,
            confirm: true,
            off_session: true,
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            metadata: { [KEY]: idempotencyKey, orderId, attempt },
          },
          { idempotencyKey },
        );
        return await toOutcome(intent);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) {
          // The library has empty texts for what Stripe does not say.
          const failureCode = error.decline_code || error.code || 'card_declined';
          const reference = error.payment_intent?.id;
          return reference
            ? giveUp(reference, failureCode)
            : { status: 'FAILED', reference: null, failureCode };
        }
        // Stripe did nothing, and would do nothing of it at any other time.
        if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 400) {
          const failureCode = error.code ?? 'invalid_request';
          return { status: 'FAILED', reference: null, failureCode };
        }
        throw error;
      }
    },

    // Stripe's search lags behind: a charge without a known name is found by charging again.
    find: async ({ reference }) =>
      reference === null ? null : toOutcome(await stripe.paymentIntents.retrieve(reference)),

    refund: async ({ idempotencyKey, reference, amount }) => {
      // An idempotency key is forgotten in a day; the list is not, and it says what is true now.
      for await (const refund of stripe.refunds.list({ payment_intent: reference, limit: 100 })) {
        if (refund.metadata?.[KEY] === idempotencyKey) return toRefundOutcome(refund);
      }
      try {
        const refund = await stripe.refunds.create(
          {
            payment_intent: reference,
            amount: amount.amount,
            metadata: { [KEY]: idempotencyKey },
          },
          { idempotencyKey },
        );
        return toRefundOutcome(refund);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 400) {
          const failureCode = error.code ?? 'invalid_request';
          return { status: 'FAILED', reference: null, failureCode };
        }
        throw error;
      }
    },

    readNews: (payload, signature) => {
      try {
        const event = stripe.webhooks.constructEvent(payload, signature, options.webhookSecret);
        const object = event.data.object as {
          object: string;
          id?: string;
          payment_intent?: string | { id: string } | null;
          metadata?: Record<string, string> | null;
        };
        const isIntent = object.object === 'payment_intent';
        const reference = isIntent ? (object.id ?? null) : idOf(object.payment_intent);
        const key = isIntent ? (object.metadata?.[KEY] ?? null) : null;
        const charge = reference === null && key === null ? null : { reference, key };
        return typeof event.id === 'string' ? { id: event.id, charge } : null;
      } catch {
        return null;
      }
    },
  };
};
