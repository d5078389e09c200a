import { randomUUID } from 'node:crypto';
import { admin } from './accounts.ts';
import { rest, restOrThrow } from './rest.ts';

/** A product of `/v1`. */
export type Product = {
  readonly id: string;
  readonly sku: string;
  readonly price_cents: number;
  readonly stock: number;
  readonly version: number;
};

const TOKEN_LIFE_MS = 5 * 60_000;
let session: { readonly token: Promise<string>; readonly since: number } | null = null;

/** One session adds many products: a session for each would end those of other tests. */
const adminToken = (): Promise<string> => {
  if (!session || Date.now() - session.since > TOKEN_LIFE_MS) {
    session = { token: admin().then(({ token }) => token), since: Date.now() };
  }
  return session.token;
};

/** Adds a product that only this test uses. */
export const newProduct = async (fields: {
  stock: number;
  price_cents?: number;
}): Promise<Product> => {
  const token = await adminToken();
  const product = await restOrThrow('POST', '/v1/products', {
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
  return product as Product;
};

/** Asks for a response that no cache has stored (RFC 9111, section 5.2.1.4). */
export const UNCACHED = { 'cache-control': 'no-cache' };

/** How many units can be ordered now. */
export const stockOf = async (product: Product): Promise<number> => {
  const { body } = await rest('GET', `/v1/products/${product.id}`, { headers: UNCACHED });
  return (body as Product).stock;
};
