import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ProductionShop } from './open-production-shop.ts';
import { resultOf, type ShopClient } from './shop-client.ts';

export type Customer = { readonly email: string; readonly token: string };

export const PASSWORD = 'correct horse battery staple 42';

const REGISTER = `mutation Register($input: RegisterInput!) {
  register(input: $input) { __typename ... on Session { accessToken } ... on Problem { code } }
}`;

export const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) { __typename ... on Session { accessToken } ... on Problem { code } }
}`;

const CREATE_PRODUCT = `mutation CreateProduct($input: CreateProductInput!) {
  createProduct(input: $input) { __typename ... on Product { id } ... on Problem { code } }
}`;

/** Signs in by e-mail address and password. */
export const signIn = async (client: ShopClient, email: string): Promise<Customer> => {
  const input = { email, password: PASSWORD };
  const data = await client.graph(LOGIN, { input });
  return { email, token: resultOf<{ accessToken: string }>(data, 'Session').accessToken };
};

const register = async (client: ShopClient): Promise<Customer> => {
  const email = `${randomUUID()}@example.com`;
  const data = await client.graph(REGISTER, { input: { email, password: PASSWORD } });
  return { email, token: resultOf<{ accessToken: string }>(data, 'Session').accessToken };
};

/** Registers customers, one after another. */
export const registerCustomers = async (
  client: ShopClient,
  count: number,
): Promise<readonly Customer[]> => {
  const customers: Customer[] = [];
  for (let made = 0; made < count; made += 1) customers.push(await register(client));
  return customers;
};

/** Registers a customer, makes an administrator of the account, and signs in again. */
export const makeAdmin = async (
  shop: Pick<ProductionShop, 'databaseUrls'>,
  client: ShopClient,
): Promise<Customer> => {
  const { email } = await register(client);
  const users = new pg.Client(shop.databaseUrls.user);
  await users.connect();
  try {
    await users.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [email]);
  } finally {
    await users.end();
  }
  return signIn(client, email);
};

/** The lowest price of a product, in cents: any `minPrice` below it selects all of them. */
export const LOWEST_PRICE = 1_000_000;

/** Adds products that are never out of stock. @returns their ids */
export const addProducts = async (
  shop: Pick<ProductionShop, 'databaseUrls'>,
  client: ShopClient,
  count: number,
): Promise<readonly string[]> => {
  const { token } = await makeAdmin(shop, client);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const input = {
      sku: `BENCH-${index}`,
      name: `Desk lamp ${index}`,
      description: 'A lamp of brushed steel with a warm light, for a desk or a bedside table.',
      price: { amount: LOWEST_PRICE + index, currency: 'EUR' },
      stock: 1_000_000,
      category: `category-${index % 10}`,
      imageUrl: `https://images.example.com/lamps/${index}.jpg`,
    };
    const data = await client.graph(CREATE_PRODUCT, { input }, { token });
    ids.push(resultOf<{ id: string }>(data, 'Product').id);
  }
  return ids;
};
