import { Type, type Static } from 'typebox';
import type { GetOrderHistoryQuery } from '../generated/operations.ts';
import { nullable, oneOf } from '../input/fields.ts';
import { orderStatusSchema } from './order.ts';

export const orderEventSchema = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
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
    reason: nullable(
      Type.String({ description: 'As a code: `EXPIRED`, or what the provider said.' }),
    ),
    note: nullable(
      Type.String({
        description:
          'What that person wrote about it. A customer reads their own notes, administrators read all.',
      }),
    ),
  },
  { $id: 'OrderEvent', description: 'What happened to an order. It is never changed.' },
);

type OrderEvent = NonNullable<GetOrderHistoryQuery['order']>['history'][number];

/** A step in the life of an order, as this door writes it. */
export const viewOrderEvent = (event: OrderEvent): Static<typeof orderEventSchema> => ({
  at: event.at,
  event: event.type,
  from_status: event.fromStatus,
  to_status: event.toStatus,
  actor: event.actor,
  reason: event.reason,
  note: event.note,
});
