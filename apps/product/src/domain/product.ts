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
};

/** Which products to list; conditions add up. Prices in minor units. */
export type ProductFilter = {
  readonly text?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly minPrice?: number | null | undefined;
  readonly maxPrice?: number | null | undefined;
  readonly inStock?: boolean | null | undefined;
};
