import { Type, type Static } from 'typebox';
import type { ListCategoriesQuery } from '../generated/operations.ts';

export const categorySchema = Type.Object(
  {
    name: Type.String({ description: 'As a product’s `category` has it: `kitchen`.' }),
    product_count: Type.Integer({ description: 'How many products are listed under it.' }),
  },
  { $id: 'Category', description: 'A shelf of the shop.' },
);

type Category = ListCategoriesQuery['categories'][number];

/** A category as this door writes it. */
export const viewCategory = (category: Category): Static<typeof categorySchema> => ({
  name: category.name,
  product_count: category.productCount,
});
