import { Type } from 'typebox';
import { orderStatusSchema } from '../views/order.ts';
import { int32, nullable, paging } from './fields.ts';
import { idText, textOf } from './texts.ts';

/** The body that makes an order. */
export const newOrder = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { product_id: idText(), qty: int32('1 to 1000.') },
        { additionalProperties: false },
      ),
      {
        maxItems: 100,
        description: '1 to 100 lines. Lines of one product are added up.',
      },
    ),
  },
  { additionalProperties: false },
);

/** Which of one’s own orders to list. */
export const ordersQuery = Type.Object(
  { ...paging, status: Type.Optional(orderStatusSchema) },
  { additionalProperties: false },
);

/** The body that pays an order. */
export const howToPay = Type.Object(
  {
    payment_method: Type.Optional(
      nullable(textOf(100, { description: 'What the provider calls it.' })),
    ),
  },
  { additionalProperties: false },
);

const why = Type.Optional(
  textOf(500, { description: 'Why, for the order’s history: up to 500 characters.' }),
);

/** The body that cancels an order. */
export const whyCancel = Type.Object({ reason: why }, { additionalProperties: false });

/** The body that moves an order to another status. */
export const statusChange = Type.Object(
  { status: orderStatusSchema, reason: why },
  { additionalProperties: false },
);
