import { Type, type Static } from 'typebox';
import type {
  PaymentFieldsFragment,
  PaymentMethodFieldsFragment,
  RefundFieldsFragment,
} from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable, oneOf, reference } from '../input/fields.ts';
import { paymentExample, paymentMethodExample, refundExample } from './examples.ts';
import { cents, currencyCode, time, uuid } from './fields.ts';
import { paymentStatusSchema } from './order.ts';

export const refundSchema = Type.Object(
  {
    id: uuid(),
    payment_id: uuid(),
    status: oneOf(['PROCESSING', 'SUCCEEDED', 'FAILED']),
    amount_cents: cents(),
    currency: currencyCode(),
    reason: Type.String(),
    failure: Type.Optional(
      Type.Object({ code: Type.String({ description: 'The provider’s reason.' }) }),
    ),
    created_at: time(),
  },
  {
    $id: 'Refund',
    description: 'A full or partial refund of a payment.',
    ...documented({ examples: [refundExample] }),
  },
);

/** The REST form of a refund. */
export const viewRefund = (
  refund: RefundFieldsFragment,
  paymentId: string,
): Static<typeof refundSchema> => ({
  id: refund.id,
  payment_id: paymentId,
  status: refund.status,
  amount_cents: refund.amount.amount,
  currency: refund.amount.currency,
  reason: refund.reason,
  ...(refund.failure && { failure: { code: refund.failure.code } }),
  created_at: refund.createdAt,
});

export const paymentSchema = Type.Object(
  {
    id: uuid(),
    order_id: nullable(uuid('Null when the order cannot be read.')),
    status: paymentStatusSchema,
    amount_cents: cents(),
    currency: currencyCode(),
    provider: Type.String({ description: 'The payment provider.' }),
    method: Type.Optional(
      Type.String({
        description:
          'How it was paid: the name of a payment method, or an id of the provider’s, `pm_...` of Stripe.',
      }),
    ),
    failure: Type.Optional(
      Type.Object({ code: Type.String({ description: 'The provider’s reason.' }) }),
    ),
    refunds: Type.Array(reference(refundSchema), { description: 'Oldest first.' }),
    created_at: time(),
  },
  {
    $id: 'Payment',
    description: 'One attempt to pay an order.',
    ...documented({ examples: [paymentExample] }),
  },
);

/** The REST form of a payment. */
export const viewPayment = (payment: PaymentFieldsFragment): Static<typeof paymentSchema> => ({
  id: payment.id,
  order_id: payment.order?.id ?? null,
  status: payment.status,
  amount_cents: payment.amount.amount,
  currency: payment.amount.currency,
  provider: payment.provider,
  method: payment.method,
  ...(payment.failure && { failure: { code: payment.failure.code } }),
  refunds: payment.refunds.map((refund) => viewRefund(refund, payment.id)),
  created_at: payment.createdAt,
});

export const paymentMethodSchema = Type.Object(
  {
    name: Type.String({ description: 'Unique in the list: `sim_success`, or `card` with Stripe.' }),
    provider: Type.String({ description: 'The payment provider.' }),
    kind: oneOf(
      ['NAME', 'PROVIDER_ID'],
      'What `payment_method` takes: NAME is this name, PROVIDER_ID the id that the provider’s library ' +
        'in the client made.',
    ),
    is_default: Type.Boolean({ description: 'Whether it is used without `payment_method`.' }),
  },
  {
    $id: 'PaymentMethod',
    description: 'A way to pay an order.',
    ...documented({ examples: [paymentMethodExample] }),
  },
);

/** The REST form of a payment method. */
export const viewPaymentMethod = (
  method: PaymentMethodFieldsFragment,
): Static<typeof paymentMethodSchema> => ({
  name: method.name,
  provider: method.provider,
  kind: method.kind,
  is_default: method.isDefault,
});
