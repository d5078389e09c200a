import { randomUUID } from 'node:crypto';
import type { Customer } from './customers.ts';
import { resultOf, type ShopClient } from './shop-client.ts';

const CREATE_ORDER = `mutation CreateOrder($input: CreateOrderInput!) {
  createOrder(input: $input) {
    __typename
    ... on Order {
      id number status createdAt reservedUntil
      total { amount currency }
      items { sku name quantity unitPrice { amount currency } lineTotal { amount currency } }
    }
    ... on Problem { code message }
  }
}`;

const PAY_ORDER = `mutation PayOrder($input: PayOrderInput!) {
  payOrder(input: $input) {
    __typename
    ... on Order { id number status total { amount currency } }
    ... on Problem { code message }
  }
}`;

/** Two products of which one unit each is ordered. */
export type Basket = readonly [string, string];

/** Chooses two products; each call of a client another pair, so that few wait for one row. */
export const chooseBasket = (products: readonly string[]): Basket => {
  const first = Math.floor(Math.random() * products.length);
  const distance = 1 + Math.floor(Math.random() * (products.length - 1));
  return [products[first] ?? '', products[(first + distance) % products.length] ?? ''];
};

/** Creates an order of two lines by GraphQL. @returns its id */
export const createOrder = async (
  client: ShopClient,
  { token }: Customer,
  basket: Basket,
): Promise<string> => {
  const items = basket.map((productId) => ({ productId, quantity: 1 }));
  const input = { items, idempotencyKey: randomUUID() };
  const data = await client.graph(CREATE_ORDER, { input }, { token });
  return resultOf<{ id: string }>(data, 'Order').id;
};

/** Pays an order by GraphQL: it is CONFIRMED then. */
export const payOrder = async (
  client: ShopClient,
  { token }: Customer,
  orderId: string,
): Promise<void> => {
  const input = { orderId, paymentMethod: 'sim_success', idempotencyKey: randomUUID() };
  const data = await client.graph(PAY_ORDER, { input }, { token });
  const { status } = resultOf<{ status: string }>(data, 'Order');
  if (status !== 'CONFIRMED') throw new Error(`the order is ${status} after its payment`);
};

/** Creates an order and pays it by GraphQL. @returns its id; it is CONFIRMED */
export const buy = async (
  client: ShopClient,
  customer: Customer,
  basket: Basket,
): Promise<string> => {
  const orderId = await createOrder(client, customer, basket);
  await payOrder(client, customer, orderId);
  return orderId;
};

/** Creates an order and pays it by the REST API. @returns its id; it is CONFIRMED */
export const buyByRest = async (
  client: ShopClient,
  { token }: Customer,
  basket: Basket,
): Promise<string> => {
  type Order = { readonly id: string; readonly status: string };
  const keyed = () => ({ token, headers: { 'idempotency-key': randomUUID() } });
  const items = basket.map((productId) => ({ product_id: productId, qty: 1 }));
  const { id } = await client.rest<Order>('POST', '/v1/orders', { items }, keyed());
  const body = { payment_method: 'sim_success' };
  const paid = await client.rest<Order>('POST', `/v1/orders/${id}/pay`, body, keyed());
  if (paid.status !== 'CONFIRMED') throw new Error(`the order is ${paid.status} after its payment`);
  return id;
};
