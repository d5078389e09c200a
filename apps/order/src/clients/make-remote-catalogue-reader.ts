import type { ServiceClient } from '@cartograph/resilience';
import type { CatalogueReader } from '../domain/catalogue-reader.ts';
import { FindOffersDocument } from '../generated/stock.ts';

const SAFE = { isSafe: true };

/** Reads the catalogue of the product service. */
export const makeRemoteCatalogueReader = (product: ServiceClient): CatalogueReader => ({
  findOffers: async (productIds) => {
    const { offers } = await product.request(FindOffersDocument, { ids: productIds }, SAFE);
    return offers.map(({ id, sku, name, price, stock }) => ({
      productId: id,
      sku,
      name,
      unitPrice: { amount: price.amount, currency: price.currency },
      available: stock,
    }));
  },
});
