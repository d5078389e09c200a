import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { buy, buyByRest, createOrder, type Basket } from '../bench/production/buy.ts';
import { registerCustomers, signIn, type Customer } from '../bench/production/customers.ts';
import { makeShopClient, resultOf, type ShopClient } from '../bench/production/shop-client.ts';
import type { ShopAccess } from './release.ts';

/** What the stories before left: accounts, products, and an order that is not paid. */
export type Past = {
  readonly customer: string;
  readonly admin: string;
  readonly products: Basket;
  readonly orders: readonly string[];
  readonly unpaid: string;
};

const STOCK = 1_000;

/** What may have to be repeated while peers notice that a process is back. */
const IS_BUSY = /UNAVAILABLE|: 503/;
const PAUSE_MS = 2_500;
const TRIES = 4;

const CREATE_PRODUCT = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { __typename ... on Product { id } ... on Problem { code } }
}`;

const PAGE = `{ products(first: 5) { nodes { id name stock price { amount currency } } } }`;

const ORDER = `query ($id: ID!) { order(id: $id) { status payments { id status } } }`;

const PAY = `mutation ($input: PayOrderInput!) {
  payOrder(input: $input) { __typename ... on Order { status } ... on Problem { code } }
}`;

const REFUND = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) { __typename ... on Refund { status } ... on Problem { code } }
}`;

type OrderData = {
  readonly order: { status: string; payments: readonly { id: string; status: string }[] };
};

const must = (isTrue: boolean, sentence: string): void => {
  if (!isTrue) throw new Error(sentence);
};

const addProducts = async (client: ShopClient, { token }: Customer): Promise<Basket> => {
  const add = async (): Promise<string> => {
    const price = { amount: 1_999, currency: 'EUR' };
    const input = { sku: `R-${randomUUID()}`, name: 'A thing', price, stock: STOCK };
    const data = await client.graph(CREATE_PRODUCT, { input }, { token });
    return resultOf<{ id: string }>(data, 'Product').id;
  };
  return [await add(), await add()];
};

/** Gives an account a role, as an operator does. */
const makeAdmin = async ({ databases }: ShopAccess, email: string): Promise<void> => {
  const users = new pg.Client(databases.find(({ service }) => service === 'user')?.databaseUrl);
  await users.connect();
  await users.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [email]);
  await users.end();
};

const begin = async (shop: ShopAccess, client: ShopClient): Promise<Past> => {
  const [customer, admin] = await registerCustomers(client, 2);
  if (!customer || !admin) throw new Error('nobody was registered');
  await makeAdmin(shop, admin.email);
  const products = await addProducts(client, await signIn(client, admin.email));
  const unpaid = await createOrder(client, customer, products);
  return { customer: customer.email, admin: admin.email, products, orders: [], unpaid };
};

const readOrder = async (client: ShopClient, id: string, { token }: Customer) =>
  (await client.graph<OrderData>(ORDER, { id }, { token })).order;

const browse = async (client: ShopClient, { products }: Past): Promise<void> => {
  const data = await client.graph<{ products: { nodes: readonly { id: string }[] } }>(PAGE, {});
  const found = data.products.nodes.map(({ id }) => id);
  must(
    products.every((id) => found.includes(id)),
    'the page lacks a product',
  );
  const page = await client.rest<{ data: readonly object[] }>('GET', '/v1/products?limit=2');
  must(page.data.length === 2, 'the page of the REST API lacks a product');
};

/** Pays the order that the story before created. */
const payUnpaid = async (client: ShopClient, { unpaid }: Past, { token }: Customer) => {
  const input = { orderId: unpaid, idempotencyKey: randomUUID() };
  const data = await client.graph(PAY, { input }, { token });
  const { status } = resultOf<{ status: string }>(data, 'Order');
  must(status === 'CONFIRMED', `the order of the story before is ${status}`);
};

const refund = async (client: ShopClient, orderId: string, admin: Customer): Promise<void> => {
  const { payments } = await readOrder(client, orderId, admin);
  const input = {
    paymentId: payments[0]?.id,
    amount: 100,
    reason: 'goodwill',
    idempotencyKey: randomUUID(),
  };
  const data = await client.graph(REFUND, { input }, { token: admin.token });
  const { status } = resultOf<{ status: string }>(data, 'Refund');
  must(status === 'SUCCEEDED', `the refund is ${status}`);
};

const tell = async (client: ShopClient, past: Past): Promise<Past> => {
  const customer = await signIn(client, past.customer);
  const admin = await signIn(client, past.admin);
  await browse(client, past);
  for (const id of past.orders) {
    const { status } = await readOrder(client, id, customer);
    must(status === 'CONFIRMED', `an order of a story before is ${status}`);
  }
  await payUnpaid(client, past, customer);
  const bought = await buy(client, customer, past.products);
  const boughtByRest = await buyByRest(client, customer, past.products);
  await refund(client, bought, admin);
  const unpaid = await createOrder(client, customer, past.products);
  return { ...past, orders: [past.unpaid, bought, boughtByRest], unpaid };
};

/**
 * Signs in, browses, pays an order of the story before, buys by GraphQL and REST, and refunds a part.
 * It is repeated from the beginning while the shop says that it is busy, as clients do.
 * @param past null for the first story, which also registers and adds products
 * @throws what a client met
 */
export const runStory = async (shop: ShopAccess, past: Past | null): Promise<Past> => {
  const client = makeShopClient(shop, 2);
  try {
    let known = past;
    for (let tries = 1; ; tries += 1) {
      try {
        known ??= await begin(shop, client);
        return await tell(client, known);
      } catch (error) {
        if (tries === TRIES || !IS_BUSY.test(String(error))) throw error;
      }
      await sleep(PAUSE_MS);
    }
  } finally {
    await client.close();
  }
};
