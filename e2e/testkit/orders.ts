import { graph } from './graph.ts';
import type { Product } from './products.ts';
import { rest, type RestAnswer } from './rest.ts';

const keyed = (key: string | undefined) => ({
  ...(key !== undefined && { headers: { 'idempotency-key': key } }),
});

/** Asks for an order of `qty` units of one product. */
export const order = (token: string, product: Product, qty = 1, key?: string) =>
  rest('POST', '/v1/orders', {
    token,
    body: { items: [{ product_id: product.id, qty }] },
    ...keyed(key),
  });

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

/** Gives back a part of a payment, or all that is left of it, as an administrator. */
export const refund = (token: string, paymentId: string, amount?: number, key?: string) =>
  rest('POST', `/v1/payments/${paymentId}/refunds`, {
    token,
    body: { reason: 'broken', ...(amount !== undefined && { amount_cents: amount }) },
    ...keyed(key),
  });

/** An order as it is now. */
export const orderOf = async (token: string, orderId: string): Promise<RestAnswer['body']> =>
  (await rest('GET', `/v1/orders/${orderId}`, { token })).body;

/** A payment as it is now. */
export const paymentOf = async (token: string, paymentId: string): Promise<RestAnswer['body']> =>
  (await rest('GET', `/v1/payments/${paymentId}`, { token })).body;

/** The ids of every payment of an order, oldest first. */
export const paymentsOf = async (token: string, orderId: string): Promise<readonly string[]> => {
  const { data } = await graph(
    'query ($id: ID!) { order(id: $id) { payments { id } } }',
    { id: orderId },
    { token },
  );
  return data.order.payments.map(({ id }: { id: string }) => id);
};

/** What happened to an order, oldest first. */
export const historyOf = async (token: string, orderId: string): Promise<RestAnswer['body'][]> =>
  (await rest('GET', `/v1/orders/${orderId}/history`, { token })).body.data;
