import type { Money } from '@cartograph/money';

/** What the shop sells. `stock` is what can be ordered now. */
export type Product = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: Money;
  readonly stock: number;
  readonly category: string;
  readonly imageUrl: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Set when it is listed no more and can't be ordered. */
  readonly archivedAt: Date | null;
};

/** A shelf of the shop, and how many products are listed under it. */
export type Category = { readonly name: string; readonly productCount: number };
