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

/** Adds a product that only this scenario knows. */
export const newProduct = async (fields: {
  stock: number;
  price_cents?: number;
}): Promise<Product> => {
  const { token } = await admin();
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
