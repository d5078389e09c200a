import { Type, type Static } from 'typebox';
import type { OrderItemInput } from '../generated/operations.ts';
import { deliveryAddressExample, newDeliveryAddress } from './delivery-address.ts';
import { documented, OPTIONAL_BODY } from './documented.ts';
import { isWithin } from '@cartograph/validation';
import { EXAMPLE_ID, idText, int32, MAX_PARAM, nullable, oneOf, paging, textOf } from './fields.ts';

export const orderStatusSchema = oneOf(
  ['PENDING', 'CONFIRMED', 'CANCELLED'],
  'PENDING until it is paid, CONFIRMED once it is, or CANCELLED.',
);

const orderItems = Type.Array(
  Type.Object(
    { product_id: idText(), qty: int32('1 to 1000.', { minimum: 1, maximum: 1_000 }) },
    { additionalProperties: false },
  ),
  {
    maxItems: 100,
    description: '1 to 100 lines. Quantities of the same product are added.',
    ...documented({ minItems: 1 }),
  },
);

const itemsExample = [{ product_id: EXAMPLE_ID, qty: 2 }];

/** The body that creates an order. */
export const newOrder = Type.Object(
  { items: orderItems, delivery_address: Type.Optional(newDeliveryAddress) },
  {
    additionalProperties: false,
    ...documented({
      examples: [{ items: itemsExample, delivery_address: deliveryAddressExample }],
    }),
  },
);

/** The body that asks what an order would be. */
export const previewedOrder = Type.Object(
  { items: orderItems },
  { additionalProperties: false, ...documented({ examples: [{ items: itemsExample }] }) },
);

/** The lines of an order as the graph takes them. */
export const toOrderItems = (items: Static<typeof orderItems>): readonly OrderItemInput[] =>
  items.map(({ product_id, qty }) => ({ productId: product_id, quantity: qty }));

/** The longest number that the graph reads. */
const MAX_NUMBER = 20;

/** The path of one order by its number. */
export const orderNumberParams = Type.Object({
  number: Type.String({
    maxLength: MAX_PARAM,
    description: 'The order number for people. Any other value is 404.',
    ...documented({ examples: ['C-100042'] }),
  }),
});

/** The number in a path. The graph rejects some texts as bad input; the empty text stands for them: 404. */
export const readPathNumber = ({ number }: Static<typeof orderNumberParams>): string =>
  isWithin(number, MAX_NUMBER) && !number.includes('\0') ? number : '';

const orderFilters = { ...paging, status: Type.Optional(orderStatusSchema) };

/** The query of the orders of one account. */
export const userOrdersQuery = Type.Object(orderFilters, { additionalProperties: false });

/** The query of the list of orders. */
export const ordersQuery = Type.Object(
  {
    ...orderFilters,
    all: Type.Optional(
      Type.Boolean({ description: 'Orders of all accounts. For administrators.' }),
    ),
  },
  { additionalProperties: false },
);

/** The body that pays an order. */
export const paymentInput = Type.Object(
  {
    payment_method: Type.Optional(
      nullable(
        textOf(100, {
          description:
            'The provider’s name of the method. Without it, or when it is null, the provider’s default.',
          minLength: 1,
        }),
      ),
    ),
  },
  {
    additionalProperties: false,
    [OPTIONAL_BODY]: true,
    ...documented({ examples: [{ payment_method: 'sim_success' }] }),
  },
);

const reason = Type.Optional(
  textOf(500, {
    description: 'The reason, for the order’s history: up to 500 characters.',
    minLength: 1,
  }),
);

/** The body that cancels an order. */
export const cancellationInput = Type.Object(
  { reason },
  {
    additionalProperties: false,
    [OPTIONAL_BODY]: true,
    ...documented({ examples: [{ reason: 'Ordered twice.' }] }),
  },
);

/** The body that changes the status of an order. */
export const statusChange = Type.Object(
  { status: orderStatusSchema, reason },
  {
    additionalProperties: false,
    ...documented({ examples: [{ status: 'CANCELLED', reason: 'The customer called.' }] }),
  },
);
