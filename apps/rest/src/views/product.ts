import { Type, type Static } from 'typebox';
import type {
  ListCategoriesQuery,
  MovementFieldsFragment,
  ProductFieldsFragment,
} from '../generated/operations.ts';
import { nullable, oneOf } from '../input/fields.ts';

export const productSchema = Type.Object(
  {
    id: Type.String(),
    sku: Type.String(),
    name: Type.String(),
    description: Type.String(),
    price_cents: Type.Integer({ description: 'In the smallest unit of the currency.' }),
    currency: Type.String({ description: 'ISO 4217: EUR.' }),
    stock: Type.Integer({ description: 'The units that can be ordered now.' }),
    category: Type.String(),
    image_url: nullable(Type.String()),
    version: Type.Integer({ description: 'Send it as If-Match with a change.' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    archived_at: nullable(
      Type.String({
        format: 'date-time',
        description: 'Set when the product is not listed and cannot be ordered.',
      }),
    ),
  },
  { $id: 'Product', description: 'A product of the shop.' },
);

/** The REST form of a product. */
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

export const categorySchema = Type.Object(
  {
    name: Type.String({ description: 'The value of a product’s `category`: `kitchen`.' }),
    product_count: Type.Integer({ description: 'The number of products in it.' }),
  },
  { $id: 'Category', description: 'A category of products.' },
);

type Category = ListCategoriesQuery['categories'][number];

/** The REST form of a category. */
export const viewCategory = (category: Category): Static<typeof categorySchema> => ({
  name: category.name,
  product_count: category.productCount,
});

export const stockMovementSchema = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(['ADJUSTED', 'RESERVED', 'COMMITTED', 'RELEASED']),
    stock_delta: Type.Integer({ description: 'The change of the units that can be ordered.' }),
    held_delta: Type.Integer({
      description: 'The change of the units that are reserved for orders.',
    }),
    order_id: nullable(Type.String()),
    actor: Type.String({ description: 'The id of an account, or the name of a process.' }),
    reason: Type.String(),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'StockMovement', description: 'An entry of the stock ledger.' },
);

/** The REST form of a stock movement. */
export const viewStockMovement = (
  movement: MovementFieldsFragment,
): Static<typeof stockMovementSchema> => ({
  id: movement.id,
  kind: movement.kind,
  stock_delta: movement.stockDelta,
  held_delta: movement.heldDelta,
  order_id: movement.orderId,
  actor: movement.actor,
  reason: movement.reason,
  at: movement.at,
});
