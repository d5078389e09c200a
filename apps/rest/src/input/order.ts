import { Type } from 'typebox';
import { idText, int32, nullable, oneOf, paging, textOf } from './fields.ts';

export const orderStatusSchema = oneOf(['PENDING', 'CONFIRMED', 'CANCELLED']);

/** The body that creates an order. */
export const newOrder = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { product_id: idText(), qty: int32('1 to 1000.') },
        { additionalProperties: false },
      ),
      {
        maxItems: 100,
        description: '1 to 100 lines. Quantities of the same product are added.',
      },
    ),
  },
  { additionalProperties: false },
);

/** The query of the list of orders. */
export const ordersQuery = Type.Object(
  { ...paging, status: Type.Optional(orderStatusSchema) },
  { additionalProperties: false },
);

/** The body that pays an order. */
export const paymentInput = Type.Object(
  {
    payment_method: Type.Optional(
      nullable(textOf(100, { description: 'The provider’s name of the method.' })),
    ),
  },
  { additionalProperties: false },
);

const reason = Type.Optional(
  textOf(500, { description: 'The reason, for the order’s history: up to 500 characters.' }),
);

/** The body that cancels an order. */
export const cancellationInput = Type.Object({ reason }, { additionalProperties: false });

/** The body that changes the status of an order. */
export const statusChange = Type.Object(
  { status: orderStatusSchema, reason },
  { additionalProperties: false },
);
