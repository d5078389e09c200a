import type { Money } from '@cartograph/money';
import Stripe from 'stripe';
import type { ChargeOutcome, PaymentProvider, RefundRequest } from '../domain/payment-provider.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import { toFailureCode, toRefundOutcome } from './stripe-outcomes.ts';

/** Whose account it is, and how long a call may take. */
export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly apiBase: string;
  readonly timeoutMs: number;
};

/** What Stripe found wrong with a request: a fault of the shop, which its operators should see. */
export type StripeRefusal = {
  readonly code: string;
  readonly message: string;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
};

/** Stripe may forget an idempotency key after 24 hours. */
const KEY_LIFETIME_MS = 23 * 60 * 60_000;

/** Its clock and ours may differ by as much. */
const CLOCK_SKEW_S = 300;

/** Where Stripe keeps our key of a charge or refund. */
const KEY = 'key';

const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null);

/**
 * Makes a payment provider of Stripe's PaymentIntents: created and confirmed in one call, the
 * customer not present. What Stripe does not decide in that call, or says with a 5xx, is undecided.
 * Nothing is tried again here: that is the work of the job that asks. (Stripe's library repeats a
 * request once, under the same key, when a kept connection turns out to be closed.)
 * Stripe keeps its answer to a key, also a 5xx: then asking again tells nothing, and intents are
 * searched for.
 * @param onRefused is told of requests that Stripe would never do
 * @see https://docs.stripe.com/api/payment_intents
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export const makeStripe = (
  options: StripeOptions,
  onRefused: (refusal: StripeRefusal) => void,
): PaymentProvider => {
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
    switch (intent.status) {
      case 'succeeded':
        return { status: 'SUCCEEDED', reference };
      case 'canceled':
        return {
          status: 'FAILED',
          reference,
          failureCode: fault ? toFailureCode(fault) : 'canceled',
        };
      case 'requires_payment_method':
        return giveUp(reference, toFailureCode(fault));
      // Nobody is there who could do what it asks for.
      case 'requires_action':
      case 'requires_confirmation':
        return giveUp(reference, 'authentication_required');
      case 'processing':
      case 'requires_capture':
        return { status: 'PROCESSING', reference };
    }
  };

  /** What Stripe did nothing of, and would do nothing of at any other time; null for all else. */
  const toRefusal = (error: unknown) => {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode !== 400) {
      return null;
    }
    const { message, param, requestId } = error;
    const code = error.code || 'invalid_request';
    onRefused({ code, message, param, requestId });
    return { status: 'FAILED', reference: null, failureCode: code } as const;
  };

  const amountOf = (amount: Money): number => {
    const units = toStripeAmount(amount);
    if (units === null) throw new Error('an amount was let in that Stripe can’t take');
    return units;
  };

  /** An idempotency key is forgotten in a day; the list is not, and it says what is true now. */
  const findRefund = async ({ idempotencyKey, reference }: RefundRequest) => {
    for await (const refund of stripe.refunds.list({ payment_intent: reference, limit: 100 })) {
      if (refund.metadata?.[KEY] === idempotencyKey) return toRefundOutcome(refund);
    }
    return null;
  };

  return {
    name: 'stripe',
    defaultMethod: null,
    keyLifetimeMs: KEY_LIFETIME_MS,
    acceptsMethod: (method) => /^pm_\w{1,96}$/.test(method),
    acceptsAmount: (amount) => toStripeAmount(amount) !== null,

    charge: async ({ idempotencyKey, amount, method }) => {
      const [orderId = '', attempt = ''] = idempotencyKey.split(':');
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount: amountOf(amount),
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
          const failureCode = toFailureCode(error);
          const reference = error.payment_intent?.id;
          return reference
            ? giveUp(reference, failureCode)
            : { status: 'FAILED', reference: null, failureCode };
        }
        const refusal = toRefusal(error);
        if (refusal) return refusal;
        throw error;
      }
    },

    // A charge without a known name is found by charging again.
    find: async ({ idempotencyKey, reference }) => {
      if (reference === null) return null;
      const intent = await stripe.paymentIntents.retrieve(reference);
      return intent.metadata[KEY] === idempotencyKey ? toOutcome(intent) : null;
    },

    // Stripe's search lags behind; its list does not.
    search: async ({ idempotencyKey, since }) => {
      const sinceS = Math.floor(since.getTime() / 1_000);
      const created = {
        gte: sinceS - CLOCK_SKEW_S,
        lte: sinceS + KEY_LIFETIME_MS / 1_000 + CLOCK_SKEW_S,
      };
      for await (const intent of stripe.paymentIntents.list({ created, limit: 100 })) {
        if (intent.metadata[KEY] === idempotencyKey) return toOutcome(intent);
      }
      return null;
    },

    findRefund,

    refund: async (request) => {
      const known = await findRefund(request);
      if (known) return known;
      const { idempotencyKey, reference, amount } = request;
      try {
        const refund = await stripe.refunds.create(
          {
            payment_intent: reference,
            amount: amountOf(amount),
            metadata: { [KEY]: idempotencyKey },
          },
          { idempotencyKey },
        );
        return toRefundOutcome(refund);
      } catch (error) {
        const refusal = toRefusal(error);
        if (refusal) return refusal;
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
