import type { Money } from '@cartograph/money';

/** A product as it can be ordered now. */
export type Offer = {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
  /** How many units can be ordered now. */
  readonly available: number;
};

/** The catalogue of the product service. @throws ShopError UNAVAILABLE */
export type CatalogueReader = {
  /** Those of these products that can be ordered, in any order. */
  readonly findOffers: (productIds: readonly string[]) => Promise<readonly Offer[]>;
};
