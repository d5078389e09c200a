import { expect } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from './graph.ts';
import { newProduct, type Product } from './products.ts';
import { rest, restOrThrow, type RestResponse } from './rest.ts';

const keyed = (key: string | undefined) => ({
  ...(key !== undefined && { headers: { 'idempotency-key': key } }),
});

const basketOf = (product: Product, qty: number) => ({ items: [{ product_id: product.id, qty }] });

/** Orders `qty` units of one product. */
export const order = (token: string, product: Product, qty = 1, key?: string) =>
  rest('POST', '/v1/orders', { token, body: basketOf(product, qty), ...keyed(key) });

/** Orders units of a new product. */
export const placeOrder = async (
  token: string,
  { qty = 1, stock = 5, price_cents = 1500 } = {},
): Promise<{ readonly product: Product; readonly id: string }> => {
  const product = await newProduct({ stock, price_cents });
  const placed = await restOrThrow('POST', '/v1/orders', { token, body: basketOf(product, qty) });
  return { product, id: placed.id };
};

/** Pays an order by a method of the simulator. */
export const pay = (token: string, orderId: string, method = 'sim_success', key?: string) =>
  rest('POST', `/v1/orders/${orderId}/pay`, {
    token,
    body: { payment_method: method },
    ...keyed(key),
  });

/** Cancels an order. */
export const cancel = (token: string, orderId: string, reason?: string, key?: string) =>
  rest('POST', `/v1/orders/${orderId}/cancel`, {
    token,
    ...(reason !== undefined && { body: { reason } }),
    ...keyed(key),
  });

/** Refunds a part of a payment, or the rest of it; for administrators. */
export const refund = (token: string, paymentId: string, amount?: number, key?: string) =>
  rest('POST', `/v1/payments/${paymentId}/refunds`, {
    token,
    body: { reason: 'broken', ...(amount !== undefined && { amount_cents: amount }) },
    ...keyed(key),
  });

/** Reads an order. */
export const orderOf = async (token: string, orderId: string): Promise<RestResponse['body']> =>
  (await rest('GET', `/v1/orders/${orderId}`, { token })).body;

/** Reads a payment. */
export const paymentOf = async (token: string, paymentId: string): Promise<RestResponse['body']> =>
  (await rest('GET', `/v1/payments/${paymentId}`, { token })).body;

/** Reads the ids of an order's payments, the oldest first. */
export const paymentsOf = async (token: string, orderId: string): Promise<readonly string[]> => {
  const { data } = await graph(
    'query ($id: ID!) { order(id: $id) { payments { id } } }',
    { id: orderId },
    { token },
  );
  return data.order.payments.map(({ id }: { id: string }) => id);
};

/** Reads the history of an order, the oldest event first. */
export const historyOf = async (token: string, orderId: string): Promise<RestResponse['body'][]> =>
  (await rest('GET', `/v1/orders/${orderId}/history`, { token })).body.data;

/** How long a late payment may take. */
export const SETTLES_MS = 50_000;

/** Waits until an order has a status. @returns the order */
export const becomes = (token: string, orderId: string, status: string) =>
  eventually(async () => {
    const order = await orderOf(token, orderId);
    expect(order.status).toBe(status);
    return order;
  }, SETTLES_MS);
