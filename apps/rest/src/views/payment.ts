import { Type, type Static } from 'typebox';
import type { GetPaymentQuery } from '../generated/operations.ts';
import { nullable } from '../input/fields.ts';
import { paymentStatusSchema } from './order.ts';
import { reference } from './reference.ts';
import { refundSchema, viewRefund } from './refund.ts';

export const paymentSchema = Type.Object(
  {
    id: Type.String(),
    order_id: nullable(Type.String()),
    status: paymentStatusSchema,
    amount_cents: Type.Integer(),
    currency: Type.String(),
    provider: Type.String({ description: 'Who takes the money.' }),
    failure: Type.Optional(
      Type.Object({ code: Type.String({ description: 'The provider’s reason.' }) }),
    ),
    refunds: Type.Array(reference(refundSchema), { description: 'Oldest first.' }),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'Payment', description: 'One attempt to take the money of one order.' },
);

type PaymentFields = NonNullable<GetPaymentQuery['payment']>;

/** A payment as this door writes it. */
export const viewPayment = (payment: PaymentFields): Static<typeof paymentSchema> => ({
  id: payment.id,
  order_id: payment.order?.id ?? null,
  status: payment.status,
  amount_cents: payment.amount.amount,
  currency: payment.amount.currency,
  provider: payment.provider,
  ...(payment.failure && { failure: { code: payment.failure.code } }),
  refunds: payment.refunds.map((refund) => viewRefund(refund, payment.id)),
  created_at: payment.createdAt,
});
