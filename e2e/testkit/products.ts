import { randomUUID } from 'node:crypto';
import { admin } from './people.ts';
import { rest } from './rest.ts';

/** A product as `/v1` shows it. */
export type Product = {
  readonly id: string;
  readonly sku: string;
  readonly price_cents: number;
  readonly stock: number;
  readonly version: number;
};

const SIGN_IN_MS = 5 * 60_000;
let keeper: { readonly token: Promise<string>; readonly since: number } | null = null;

/** One sign-in serves many products: a session of its own for each would end those of others. */
const keeperToken = (): Promise<string> => {
  if (!keeper || Date.now() - keeper.since > SIGN_IN_MS) {
    keeper = { token: admin().then(({ token }) => token), since: Date.now() };
  }
  return keeper.token;
};

/** Adds a product that only this scenario knows. */
export const newProduct = async (fields: {
  stock: number;
  price_cents?: number;
}): Promise<Product> => {
  const token = await keeperToken();
  const { body } = await rest('POST', '/v1/products', {
    token,
    body: {
      sku: `E2E-${randomUUID()}`.toUpperCase(),
      name: 'Scenario lamp',
      description: 'Shines in one test.',
      price_cents: 1999,
      currency: 'EUR',
      ...fields,
    },
  });
  return body as Product;
};

/** How many units can be ordered now. */
export const stockOf = async (product: Product): Promise<number> =>
  ((await rest('GET', `/v1/products/${product.id}`)).body as Product).stock;
