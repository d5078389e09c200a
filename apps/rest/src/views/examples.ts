import { deliveryAddressExample } from '../input/delivery-address.ts';

/**
 * The examples of the OpenAPI document, as the API returns them. They belong together: the order is
 * of the product, the payment is of the order.
 */

const USER_ID = '0197a3c1-4a11-7b0f-8c55-6f3d2e1a0b9c';
const PRODUCT_ID = '0197a3c1-5e0c-7c52-9d3e-2f6f3a1b8c4d';
const ORDER_ID = '0197a3c2-0d4e-7a91-b6f2-9c8d7e6f5a4b';
const PAYMENT_ID = '0197a3c2-1b5f-7d03-a7e8-1f2e3d4c5b6a';
const TIME = '2026-01-31T12:00:00.000Z';
const LATER = '2026-01-31T12:15:00.000Z';

export const userExample = {
  id: USER_ID,
  email: 'ann@example.com',
  name: 'Ann',
  role: 'USER',
  created_at: TIME,
  updated_at: TIME,
};

export const sessionExample = {
  user: userExample,
  access_token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMTk3In0.c2lnbmF0dXJl',
  refresh_token: '3q2-7wMKQjX0Zl1v8cTfY5bN9sHdR4gU6kPaEoWiLmB',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_expires_in: 2_592_000,
};

export const activeSessionExample = {
  id: '0197a3c1-4b22-7c1e-9d66-7a4e3f2b1c0d',
  device: 'curl/8.5.0',
  created_at: TIME,
  last_used_at: LATER,
  current: true,
};

export const productExample = {
  id: PRODUCT_ID,
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds tea.',
  price_cents: 1299,
  currency: 'EUR',
  stock: 7,
  category: 'kitchen',
  image_url: 'https://images.example/mug-front.jpg',
  images: [
    { url: 'https://images.example/mug-front.jpg' },
    { url: 'https://images.example/mug-back.jpg' },
  ],
  version: 3,
  created_at: TIME,
  updated_at: TIME,
  archived_at: null,
};

export const categoryExample = { name: 'kitchen', product_count: 12 };

export const stockMovementExample = {
  id: '12',
  kind: 'RESERVED',
  stock_delta: -2,
  held_delta: 2,
  product_id: PRODUCT_ID,
  order_id: ORDER_ID,
  actor: 'order',
  reason: 'reserved for an order',
  at: TIME,
};

export const orderExample = {
  id: ORDER_ID,
  number: 'C-100042',
  status: 'PENDING',
  total_cents: 2598,
  currency: 'EUR',
  items: [
    {
      product_id: PRODUCT_ID,
      sku: 'MUG-1',
      name: 'Mug',
      qty: 2,
      price_cents: 1299,
      line_total_cents: 2598,
    },
  ],
  delivery_address: deliveryAddressExample,
  customer_id: USER_ID,
  created_at: TIME,
  reserved_until: LATER,
};

export const orderPreviewExample = {
  items: [
    {
      product_id: PRODUCT_ID,
      sku: 'MUG-1',
      name: 'Mug',
      qty: 2,
      price_cents: 1299,
      line_total_cents: 2598,
      available: 7,
      is_available: true,
    },
  ],
  total_cents: 2598,
  currency: 'EUR',
  is_available: true,
};

export const cancelledOrderExample = {
  ...orderExample,
  status: 'CANCELLED',
  cancellation: { reason: 'CUSTOMER_REQUEST', at: LATER },
};

export const declinedOrderExample = {
  ...orderExample,
  status: 'CANCELLED',
  cancellation: { reason: 'PAYMENT_FAILED', at: LATER },
};

export const confirmedOrderExample = { ...orderExample, status: 'CONFIRMED' };

export const paidOrderExample = {
  ...confirmedOrderExample,
  payment: { id: PAYMENT_ID, status: 'SUCCEEDED' },
};

export const pendingOrderExample = {
  ...orderExample,
  payment: { id: PAYMENT_ID, status: 'PROCESSING' },
};

export const orderEventExample = {
  at: TIME,
  event: 'CREATED',
  from_status: null,
  to_status: 'PENDING',
  actor: 'CUSTOMER',
  user_id: USER_ID,
  reason: null,
  note: null,
};

export const orderStatusExample = {
  order_id: ORDER_ID,
  status: 'PENDING',
  at: TIME,
  reason: null,
};

export const refundExample = {
  id: '0197a3c2-3d71-7f25-a9c0-3b4c5d6e7f80',
  payment_id: PAYMENT_ID,
  status: 'SUCCEEDED',
  amount_cents: 1299,
  currency: 'EUR',
  reason: 'One of two mugs arrived broken.',
  created_at: LATER,
};

export const paymentExample = {
  id: PAYMENT_ID,
  order_id: ORDER_ID,
  status: 'SUCCEEDED',
  amount_cents: 2598,
  currency: 'EUR',
  provider: 'simulator',
  method: 'sim_success',
  refunds: [refundExample],
  created_at: TIME,
};

export const paymentMethodExample = {
  name: 'sim_success',
  provider: 'simulator',
  kind: 'NAME',
  is_default: true,
};
