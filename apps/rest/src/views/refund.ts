import { Type, type Static } from 'typebox';
import type { RefundFieldsFragment } from '../generated/operations.ts';
import { oneOf } from '../input/fields.ts';

export const refundSchema = Type.Object(
  {
    id: Type.String(),
    payment_id: Type.String(),
    status: oneOf(['PROCESSING', 'SUCCEEDED', 'FAILED']),
    amount_cents: Type.Integer(),
    currency: Type.String(),
    reason: Type.String(),
    failure: Type.Optional(
      Type.Object({ code: Type.String({ description: 'The provider’s reason.' }) }),
    ),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'Refund', description: 'Money of a payment on its way back.' },
);

/** A refund of a payment as this door writes it. */
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
