import type { Product } from '../domain/product.ts';
import type { Product as ProductRow } from './generated/client.ts';

/** A row of products as the domain has it. Prices stay far below 2^53, which the domain enforces. */
export const toProduct = ({ priceCents, currency, ...row }: ProductRow): Product => ({
  ...row,
  price: { amount: Number(priceCents), currency },
});
