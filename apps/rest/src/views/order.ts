import { ShopError } from '@cartograph/errors';
import { Type, type Static } from 'typebox';
import type { OrderFieldsFragment, PayOrderMutation } from '../generated/operations.ts';
import { nullable, oneOf } from '../input/fields.ts';

export const orderStatusSchema = oneOf(['PENDING', 'CONFIRMED', 'CANCELLED']);

export const paymentStatusSchema = oneOf(['PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDED']);

const itemSchema = Type.Object({
  product_id: nullable(Type.String({ description: 'Null when the product is gone.' })),
  sku: Type.String(),
  name: Type.String(),
  qty: Type.Integer(),
  price_cents: Type.Integer({ description: 'Of one unit, as it was when ordered.' }),
});

const cancellationSchema = Type.Object({
  reason: oneOf(['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'OUT_OF_STOCK', 'ADMIN']),
  at: Type.String({ format: 'date-time' }),
});

const orderProperties = {
  id: Type.String(),
  number: Type.String({ description: 'What people call it: `C-100042`.' }),
  status: orderStatusSchema,
  total_cents: Type.Integer(),
  currency: Type.String(),
  items: Type.Array(itemSchema),
  created_at: Type.String({ format: 'date-time' }),
  reserved_until: Type.String({
    format: 'date-time',
    description: 'Until then the stock is held and the order can be paid.',
  }),
  cancellation: Type.Optional(cancellationSchema),
};

export const orderSchema = Type.Object(orderProperties, {
  $id: 'Order',
  description: 'What a customer asked for, and what became of it.',
});

export const paidOrderSchema = Type.Object(
  {
    ...orderProperties,
    payment: Type.Object({
      id: Type.String(),
      status: paymentStatusSchema,
    }),
  },
  {
    $id: 'PaidOrder',
    description:
      'An order and its last payment. The answer to an Idempotency-Key stays as it was: what ' +
      'became of the payment since is at /v1/payments.',
  },
);

/** An order as this door writes it. */
export const viewOrder = (order: OrderFieldsFragment): Static<typeof orderSchema> => ({
  id: order.id,
  number: order.number,
  status: order.status,
  total_cents: order.total.amount,
  currency: order.total.currency,
  items: order.items.map(({ product, sku, name, quantity, unitPrice }) => ({
    product_id: product?.id ?? null,
    sku,
    name,
    qty: quantity,
    price_cents: unitPrice.amount,
  })),
  created_at: order.createdAt,
  reserved_until: order.reservedUntil,
  ...(order.cancellation && {
    cancellation: { reason: order.cancellation.reason, at: order.cancellation.at },
  }),
});

type PaidOrder = Extract<PayOrderMutation['payOrder'], { readonly __typename: 'Order' }>;

/**
 * An order with the newest attempt to pay it.
 * @param isKept true when the order may be an earlier answer's, told again. The graph reads its
 * payment anew, so it is told as it was to the order then: the same answer byte for byte
 * @throws ShopError UNAVAILABLE when the payment can't be told. Without it this would be a second
 * answer to a repeat; so the client repeats now, and is charged no second time
 */
export const viewPaidOrder = (
  order: PaidOrder,
  isKept: boolean,
): Static<typeof paidOrderSchema> => {
  const payment = order.payments?.at(-1);
  if (!payment) {
    throw new ShopError('UNAVAILABLE', undefined, {
      cause: new Error(`the payment of the order ${order.id} was not read`),
    });
  }
  // Idempotency that were kept before they had a payment's status follow from the order's.
  const statusThen =
    order.paymentStatus ?? (order.status === 'PENDING' ? 'PROCESSING' : 'SUCCEEDED');
  return {
    ...viewOrder(order),
    payment: { id: payment.id, status: isKept ? statusThen : payment.status },
  };
};
