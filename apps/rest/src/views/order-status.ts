import { Type, type Static } from 'typebox';
import type { WatchOrderQuery } from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable } from '../input/fields.ts';
import { orderStatusSchema } from '../input/order.ts';
import { orderStatusExample } from './examples.ts';
import { time, uuid } from './fields.ts';

/** The data of an event of an order's stream. */
export const orderStatusChangeSchema = Type.Object(
  {
    order_id: uuid(),
    status: orderStatusSchema,
    at: time('Since when.'),
    reason: nullable(
      Type.String({ description: 'Why it was cancelled, as in the order’s history: `EXPIRED`.' }),
    ),
  },
  {
    $id: 'OrderStatusChange',
    description: 'A status that an order has, or has had.',
    ...documented({ examples: [orderStatusExample] }),
  },
);

type HistoryLine = NonNullable<WatchOrderQuery['order']>['history'][number];

type StatusChange = Pick<HistoryLine, 'at' | 'reason'> & {
  readonly status: HistoryLine['toStatus'];
};

/** The REST form of a status of an order. */
export const viewOrderStatus = (
  orderId: string,
  { status, at, reason }: StatusChange,
): Static<typeof orderStatusChangeSchema> => ({ order_id: orderId, status, at, reason });
