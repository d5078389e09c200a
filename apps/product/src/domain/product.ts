import type { Money } from '@cartograph/money';

/** What the shop sells. `stock` is the number of units that can be ordered now. */
export type Product = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: Money;
  readonly stock: number;
  readonly category: string;
  /** The first of its images; null when it has none. */
  readonly imageUrl: string | null;
  /** The addresses of its images, in the order in which they are shown: MAX_IMAGES at most. */
  readonly images: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Set while the product is archived: it is not listed and can't be ordered. */
  readonly archivedAt: Date | null;
};

/** A category, and how many products are listed in it. */
export type Category = { readonly name: string; readonly productCount: number };
