import type { Money } from '@cartograph/money';
import Stripe from 'stripe';
import type {
  FailedOutcome,
  PaymentProvider,
  ProviderOutcome,
  RefundRequest,
} from '../../domain/payment-provider.ts';
import { findByKey, KEY } from './find-by-key.ts';
import { KEY_LIFETIME_MS, searchIntent } from './search-intent.ts';
import { toChargeClaim, toFailureCode, toRefundOutcome, toStripeAmount } from './stripe-values.ts';

/** An account of Stripe, and the timeout of one request, or of reading one list. */
export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly apiBase: string;
  readonly timeoutMs: number;
};

/** An invalid request: a fault of the shop, which operators should see. */
export type InvalidRequest = {
  readonly code: string;
  readonly message: string;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
};

const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null);

/**
 * Makes a payment provider on Stripe's PaymentIntents, which are created and confirmed in one request
 * while the customer is off session. There are no retries here: the poll of the payment does that.
 * (Stripe's library repeats a request once, under the same key, when a reused connection turns out to
 * be closed.) Stripe stores its response to a key, even a 5xx: then a repeat does not tell the state,
 * and intents are searched for.
 * @param onInvalidRequest receives requests that Stripe will never accept
 * @see https://docs.stripe.com/api/payment_intents
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export const makeStripe = (
  options: StripeOptions,
  onInvalidRequest: (fault: InvalidRequest) => void,
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
  const cancelIntent = async (reference: string, failureCode: string): Promise<ProviderOutcome> => {
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

  const toOutcome = async (intent: Stripe.PaymentIntent): Promise<ProviderOutcome> => {
    const { id: reference, last_payment_error: error } = intent;
    switch (intent.status) {
      case 'succeeded':
        return { status: 'SUCCEEDED', reference };
      case 'canceled':
        return {
          status: 'FAILED',
          reference,
          failureCode: error ? toFailureCode(error) : 'canceled',
        };
      case 'requires_payment_method':
        return cancelIntent(reference, toFailureCode(error));
      // The customer is off session, so these steps are not possible.
      case 'requires_action':
      case 'requires_confirmation':
        return cancelIntent(reference, 'authentication_required');
      case 'processing':
      case 'requires_capture':
        return { status: 'PROCESSING', reference };
    }
  };

  /** The outcome of a request that Stripe will never accept; null for other errors. */
  const toInvalidOutcome = (error: unknown): FailedOutcome | null => {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.statusCode !== 400) {
      return null;
    }
    const { message, param, requestId } = error;
    const code = error.code || 'invalid_request';
    onInvalidRequest({ code, message, param, requestId });
    return { status: 'FAILED', reference: null, failureCode: code };
  };

  const amountOf = (amount: Money): number => {
    const units = toStripeAmount(amount);
    if (units === null) throw new Error('Stripe does not support this amount');
    return units;
  };

  /** Uses the list, because idempotency keys last only a day. The list has the current status. */
  const findRefund = async ({ idempotencyKey, reference }: RefundRequest) => {
    const list = stripe.refunds.list({ payment_intent: reference, limit: 100 });
    const refund = await findByKey(list, idempotencyKey, options.timeoutMs);
    return refund && toRefundOutcome(refund);
  };

  return {
    name: 'stripe',
    defaultMethod: null,
    keyLifetimeMs: KEY_LIFETIME_MS,
    // Others need steps in the client that payOrder does not have.
    methods: [{ name: 'card', kind: 'PROVIDER_ID' }],
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
            ? cancelIntent(reference, failureCode)
            : { status: 'FAILED', reference: null, failureCode };
        }
        const outcome = toInvalidOutcome(error);
        if (outcome) return outcome;
        throw error;
      }
    },

    // A repeated charge finds an intent whose id is not known.
    find: async ({ idempotencyKey, reference }) => {
      if (reference === null) return null;
      const intent = await stripe.paymentIntents.retrieve(reference);
      return intent.metadata[KEY] === idempotencyKey ? toOutcome(intent) : null;
    },

    search: async (search) => {
      const intent = await searchIntent(stripe, search, options.timeoutMs);
      return intent && toOutcome(intent);
    },

    findRefund,

    refund: async (request) => {
      const known = await findRefund(request);
      if (known) return known;
      const { idempotencyKey, reference } = request;
      const amount = toStripeAmount(request.amount);
      // It can never be requested: declined, it releases its part of the payment.
      if (amount === null) {
        return { status: 'FAILED', reference: null, failureCode: 'unsupported_amount' };
      }
      try {
        const refund = await stripe.refunds.create(
          {
            payment_intent: reference,
            amount,
            metadata: { [KEY]: idempotencyKey },
          },
          { idempotencyKey },
        );
        return toRefundOutcome(refund);
      } catch (error) {
        const outcome = toInvalidOutcome(error);
        if (outcome) return outcome;
        throw error;
      }
    },

    parseWebhookEvent: (payload, signature) => {
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
        return typeof event.id === 'string'
          ? { id: event.id, claim: toChargeClaim(event.type), charge }
          : null;
      } catch {
        return null;
      }
    },
  };
};
