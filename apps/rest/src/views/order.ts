import { Type, type Static } from 'typebox';
import type {
  GetOrderHistoryQuery,
  OrderFieldsFragment,
  PayOrderMutation,
} from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable, oneOf } from '../input/fields.ts';
import { orderStatusSchema } from '../input/order.ts';
import { deliveryAddressSchema, viewDeliveryAddress } from './delivery-address.ts';
import { orderEventExample, orderExample, paidOrderExample } from './examples.ts';
import { cents, count, currencyCode, time, uuid } from './fields.ts';

export const paymentStatusSchema = oneOf(
  ['PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDED'],
  'PROCESSING until the provider settles it; REFUNDED when all of the money is.',
);

const itemSchema = Type.Object({
  product_id: nullable(uuid('Null when the product was deleted.')),
  sku: Type.String(),
  name: Type.String(),
  qty: count(),
  price_cents: cents('Of one unit, when it was ordered.'),
  line_total_cents: Type.Optional(cents('Of all units of the line.')),
});

const cancellationSchema = Type.Object({
  reason: oneOf(['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'OUT_OF_STOCK', 'ADMIN']),
  at: time(),
});

const orderProperties = {
  id: uuid(),
  number: Type.String({ description: 'The order number for people: `C-100042`.' }),
  status: orderStatusSchema,
  total_cents: cents(),
  currency: currencyCode(),
  items: Type.Array(itemSchema),
  delivery_address: nullable(deliveryAddressSchema),
  customer_id: nullable(uuid('The account whose order it is.')),
  created_at: time(),
  reserved_until: time('Until then the stock is reserved and the order can be paid.'),
  cancellation: Type.Optional(cancellationSchema),
};

export const orderSchema = Type.Object(orderProperties, {
  $id: 'Order',
  description: 'An order of a customer, and its status.',
  ...documented({ examples: [orderExample] }),
});

const paymentOfOrderSchema = Type.Object({ id: uuid(), status: paymentStatusSchema });

/** A payment in the REST form of its order. */
export type PaymentOfOrder = Static<typeof paymentOfOrderSchema>;

export const paidOrderSchema = Type.Object(
  {
    ...orderProperties,
    payment: paymentOfOrderSchema,
  },
  {
    $id: 'PaidOrder',
    description:
      'An order and its last payment. A repeat with the same Idempotency-Key returns the first ' +
      'response; the current status of the payment is at /v1/payments.',
    ...documented({ examples: [paidOrderExample] }),
  },
);

/** The REST form of an order. */
export const viewOrder = (order: OrderFieldsFragment): Static<typeof orderSchema> => ({
  id: order.id,
  number: order.number,
  status: order.status,
  total_cents: order.total.amount,
  currency: order.total.currency,
  items: order.items.map(({ product, sku, name, quantity, unitPrice, lineTotal }) => ({
    product_id: product?.id ?? null,
    sku,
    name,
    qty: quantity,
    price_cents: unitPrice.amount,
    line_total_cents: lineTotal.amount,
  })),
  delivery_address: order.deliveryAddress && viewDeliveryAddress(order.deliveryAddress),
  customer_id: order.customer?.id ?? null,
  created_at: order.createdAt,
  reserved_until: order.reservedUntil,
  ...(order.cancellation && {
    cancellation: { reason: order.cancellation.reason, at: order.cancellation.at },
  }),
});

/** An order as a result of payOrder. */
export type PaidOrder = Extract<PayOrderMutation['payOrder'], { readonly __typename: 'Order' }>;

/** The REST form of an order with its last payment. @param payment as it was in the first response */
export const viewPaidOrder = (
  order: PaidOrder,
  payment: PaymentOfOrder,
): Static<typeof paidOrderSchema> => ({ ...viewOrder(order), payment });

export const orderEventSchema = Type.Object(
  {
    at: time(),
    event: oneOf([
      'CREATED',
      'PAYMENT_STARTED',
      'PAYMENT_DECIDED',
      'CONFIRMED',
      'CANCELLED',
      'REFUND_REQUESTED',
      'STOCK_SETTLED',
    ]),
    from_status: nullable(orderStatusSchema),
    to_status: orderStatusSchema,
    actor: oneOf(['CUSTOMER', 'ADMIN', 'SHOP']),
    user_id: nullable(
      uuid('The account of the actor. An administrator’s is visible to administrators only.'),
    ),
    reason: nullable(Type.String({ description: 'A code: `EXPIRED`, or the provider’s code.' })),
    note: nullable(
      Type.String({
        description: 'A note by the actor. Customers see their own notes, administrators see all.',
      }),
    ),
  },
  {
    $id: 'OrderEvent',
    description: 'An event of an order. It is never changed.',
    ...documented({ examples: [orderEventExample] }),
  },
);

type OrderEvent = NonNullable<GetOrderHistoryQuery['order']>['history'][number];

/** The REST form of an event of an order. */
export const viewOrderEvent = (event: OrderEvent): Static<typeof orderEventSchema> => ({
  at: event.at,
  event: event.type,
  from_status: event.fromStatus,
  to_status: event.toStatus,
  actor: event.actor,
  user_id: event.user?.id ?? null,
  reason: event.reason,
  note: event.note,
});
