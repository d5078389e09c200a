import { GraphQLError } from 'graphql';

export const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
export const OTHER_ID = '01890a5d-ac96-774b-bcce-b302099a8058';
export const TIME = '2026-01-31T12:00:00.000Z';

export const user = {
  id: ID,
  email: 'ann@example.com',
  role: 'USER',
  createdAt: TIME,
  updatedAt: TIME,
};

export const product = {
  __typename: 'Product',
  id: ID,
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds tea.',
  price: { amount: 1299, currency: 'EUR' },
  stock: 7,
  category: 'kitchen',
  imageUrl: null,
  images: [],
  version: 3,
  createdAt: TIME,
  updatedAt: TIME,
  archivedAt: null,
};

/** The same product as the REST API returns it. */
export const productBody = {
  id: ID,
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds tea.',
  price_cents: 1299,
  currency: 'EUR',
  stock: 7,
  category: 'kitchen',
  image_url: null,
  images: [],
  version: 3,
  created_at: TIME,
  updated_at: TIME,
  archived_at: null,
};

const address = {
  name: 'Ann',
  line1: 'Hauptstraße 1',
  line2: null,
  city: 'Berlin',
  region: null,
  country: 'DE',
};

export const deliveryAddress = { ...address, postalCode: '10115' };

/** The same address as the REST API has it. */
export const deliveryAddressBody = { ...address, postal_code: '10115' };

export const order = {
  __typename: 'Order',
  id: ID,
  number: 'C-100001',
  status: 'PENDING',
  items: [
    {
      sku: 'MUG-1',
      name: 'Mug',
      quantity: 2,
      unitPrice: { amount: 1299, currency: 'EUR' },
      lineTotal: { amount: 2598, currency: 'EUR' },
      product: { id: OTHER_ID },
    },
  ],
  total: { amount: 2598, currency: 'EUR' },
  deliveryAddress: null,
  customer: { id: OTHER_ID },
  createdAt: TIME,
  reservedUntil: TIME,
  updatedAt: TIME,
  canPay: true,
  canCancel: true,
  cancellation: null,
  payments: [],
};

/** The same order as the REST API returns it. */
export const orderBody = {
  id: ID,
  number: 'C-100001',
  status: 'PENDING',
  total_cents: 2598,
  currency: 'EUR',
  items: [
    {
      product_id: OTHER_ID,
      sku: 'MUG-1',
      name: 'Mug',
      qty: 2,
      price_cents: 1299,
      line_total_cents: 2598,
    },
  ],
  delivery_address: null,
  customer_id: OTHER_ID,
  created_at: TIME,
  reserved_until: TIME,
};

const line = (
  type: string,
  fromStatus: string | null,
  toStatus: string,
  reason: string | null = null,
) => ({ at: new Date().toISOString(), type, fromStatus, toStatus, actor: 'SHOP', reason });

/** Lines of an order's history, which happen now. */
export const historyLines = {
  created: line('CREATED', null, 'PENDING'),
  started: line('PAYMENT_STARTED', 'PENDING', 'PENDING'),
  confirmed: line('CONFIRMED', 'PENDING', 'CONFIRMED'),
  sold: line('STOCK_SETTLED', 'CONFIRMED', 'CONFIRMED', 'COMMITTED'),
  outOfStock: line('CANCELLED', 'CONFIRMED', 'CANCELLED', 'OUT_OF_STOCK'),
  expired: line('CANCELLED', 'PENDING', 'CANCELLED', 'EXPIRED'),
};

/** A line of the stock ledger, about this order. */
export const movement = {
  id: '12',
  kind: 'RESERVED',
  stockDelta: -2,
  heldDelta: 2,
  product: { id: OTHER_ID },
  orderId: ID,
  actor: 'order',
  reason: 'reserved for an order',
  at: TIME,
};

/** The same line as the REST API returns it. */
export const movementBody = {
  id: '12',
  kind: 'RESERVED',
  stock_delta: -2,
  held_delta: 2,
  product_id: OTHER_ID,
  order_id: ID,
  actor: 'order',
  reason: 'reserved for an order',
  at: TIME,
};

/** The same order, after its payment was declined. */
export const cancelled = {
  ...order,
  status: 'CANCELLED',
  cancellation: { reason: 'PAYMENT_FAILED', at: TIME },
};

export const cancelledBody = {
  ...orderBody,
  status: 'CANCELLED',
  cancellation: { reason: 'PAYMENT_FAILED', at: TIME },
};

export const refund = {
  __typename: 'Refund',
  id: OTHER_ID,
  status: 'SUCCEEDED',
  amount: { amount: 500, currency: 'EUR' },
  reason: 'broken',
  failure: null,
  createdAt: TIME,
};

/** The same refund, of the payment ID, as the REST API returns it. */
export const refundBody = {
  id: OTHER_ID,
  payment_id: ID,
  status: 'SUCCEEDED',
  amount_cents: 500,
  currency: 'EUR',
  reason: 'broken',
  created_at: TIME,
};

export const payment = {
  id: ID,
  status: 'FAILED',
  amount: { amount: 2598, currency: 'EUR' },
  provider: 'simulator',
  method: 'sim_decline',
  failure: { code: 'card_declined' },
  refunds: [],
  order: { id: OTHER_ID },
  createdAt: TIME,
};

/** The same payment as the REST API returns it. */
export const paymentBody = {
  id: ID,
  order_id: OTHER_ID,
  status: 'FAILED',
  amount_cents: 2598,
  currency: 'EUR',
  provider: 'simulator',
  method: 'sim_decline',
  failure: { code: 'card_declined' },
  refunds: [],
  created_at: TIME,
};

/** A top-level error of the graph, for a root field to throw. */
export const failWith =
  (code: string, message = 'of the inside', details: object = {}) =>
  (): never => {
    throw new GraphQLError(message, { extensions: { code, ...details } });
  };

/** The graph's error about the value of an argument. */
export const refuseArgument = (argument: string, fault: string): (() => never) =>
  failWith('BAD_USER_INPUT', `${argument} ${fault}`, { argument, fault });
