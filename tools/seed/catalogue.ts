import { isProblem } from '@cartograph/errors';
import { z } from 'zod';
import { closeCatalogue, openCatalogue } from '../../apps/product/src/db/make-database.ts';
import { makePrismaProductStore } from '../../apps/product/src/db/make-prisma-product-store.ts';
import { makeProducts } from '../../apps/product/src/domain/products.ts';

/** Nothing runs low by being added; a row that can't be shown is the service's to report. */
const STORE = { lowStock: 0, report: () => {} };

const seedFile = z.array(
  z.strictObject({
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    priceCents: z.int(),
    currency: z.string(),
    stock: z.int(),
    category: z.string(),
  }),
);

/**
 * Adds the products whose SKU is missing, by the rules that an administrator's products pass.
 * @param file the parsed text of a seed file
 * @returns how many it added
 */
export const seedProducts = async (databaseUrl: string, file: unknown): Promise<number> => {
  const seeds = seedFile.parse(file);
  const catalogue = openCatalogue({ databaseUrl, databasePoolSize: 2 });
  try {
    const products = makeProducts(makePrismaProductStore(catalogue, STORE));
    const present = await products.findProductsBySku(seeds.map(({ sku }) => sku));
    const skus = new Set(present.map(({ sku }) => sku));
    const missing = seeds.filter(({ sku }) => !skus.has(sku));
    // One after another: their order is the order of the catalogue.
    for (const { priceCents: amount, currency, ...fields } of missing) {
      const added = await products.createProduct('seed', {
        ...fields,
        price: { amount, currency },
      });
      if (isProblem(added) && added.code !== 'SKU_TAKEN') {
        throw new Error(`${fields.sku}: ${added.message}`);
      }
    }
    return missing.length;
  } finally {
    await closeCatalogue(catalogue);
  }
};
