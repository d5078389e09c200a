import { Type, type Static } from 'typebox';
import type { ProductFieldsFragment } from '../generated/operations.ts';
import { nullable } from '../input/fields.ts';

export const productSchema = Type.Object(
  {
    id: Type.String(),
    sku: Type.String(),
    name: Type.String(),
    description: Type.String(),
    price_cents: Type.Integer({ description: 'In the smallest unit of the currency.' }),
    currency: Type.String({ description: 'ISO 4217: EUR.' }),
    stock: Type.Integer({ description: 'How many units can be ordered now.' }),
    category: Type.String(),
    image_url: nullable(Type.String()),
    version: Type.Integer({ description: 'Send it as If-Match with a change.' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    archived_at: nullable(
      Type.String({
        format: 'date-time',
        description: 'Set when it is listed no more and can’t be ordered.',
      }),
    ),
  },
  { $id: 'Product', description: 'What the shop sells.' },
);

/** A product as this door writes it. */
export const viewProduct = (product: ProductFieldsFragment): Static<typeof productSchema> => ({
  id: product.id,
  sku: product.sku,
  name: product.name,
  description: product.description,
  price_cents: product.price.amount,
  currency: product.price.currency,
  stock: product.stock,
  category: product.category,
  image_url: product.imageUrl,
  version: product.version,
  created_at: product.createdAt,
  updated_at: product.updatedAt,
  archived_at: product.archivedAt,
});
