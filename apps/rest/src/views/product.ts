import { Type, type Static } from 'typebox';
import type {
  ListCategoriesQuery,
  MovementFieldsFragment,
  ProductFieldsFragment,
} from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable, oneOf } from '../input/fields.ts';
import { categoryExample, productExample, stockMovementExample } from './examples.ts';
import { cents, count, currencyCode, time, uuid } from './fields.ts';

export const productSchema = Type.Object(
  {
    id: uuid(),
    sku: Type.String({ maxLength: 64, description: 'The article number of the shop.' }),
    name: Type.String({ maxLength: 200 }),
    description: Type.String({ maxLength: 10_000 }),
    price_cents: cents(),
    currency: currencyCode(),
    stock: count('The units that can be ordered now.'),
    category: Type.String({ maxLength: 60 }),
    image_url: nullable(
      Type.String({
        maxLength: 2_000,
        format: 'uri',
        description: 'The first of its images; null when it has none.',
      }),
    ),
    images: Type.Optional(
      Type.Array(Type.Object({ url: Type.String({ maxLength: 2_000, format: 'uri' }) }), {
        maxItems: 10,
        description: 'In the order in which they are shown.',
      }),
    ),
    version: Type.Integer({
      minimum: 1,
      maximum: 2_147_483_647,
      description: 'Send it as If-Match with a change.',
    }),
    created_at: time(),
    updated_at: time(),
    archived_at: nullable(time('Set when the product is not listed and cannot be ordered.')),
  },
  {
    $id: 'Product',
    description: 'A product of the shop.',
    ...documented({ examples: [productExample] }),
  },
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
  images: product.images.map(({ url }) => ({ url })),
  version: product.version,
  created_at: product.createdAt,
  updated_at: product.updatedAt,
  archived_at: product.archivedAt,
});

export const categorySchema = Type.Object(
  {
    name: Type.String({ description: 'The value of a product’s `category`: `kitchen`.' }),
    product_count: count('The number of products in it.'),
  },
  {
    $id: 'Category',
    description: 'A category of products.',
    ...documented({ examples: [categoryExample] }),
  },
);

type Category = NonNullable<ListCategoriesQuery['categories']>[number];

/** The REST form of a category. */
export const viewCategory = (category: Category): Static<typeof categorySchema> => ({
  name: category.name,
  product_count: category.productCount,
});

export const stockMovementSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9]{1,19}$', description: 'Grows with time.' }),
    kind: oneOf(['ADJUSTED', 'RESERVED', 'COMMITTED', 'RELEASED']),
    stock_delta: Type.Integer({ description: 'The change of the units that can be ordered.' }),
    held_delta: Type.Integer({
      description: 'The change of the units that are reserved for orders.',
    }),
    product_id: uuid(),
    order_id: nullable(uuid()),
    actor: Type.String({ description: 'The id of an account, or the name of a process.' }),
    reason: Type.String(),
    at: time(),
  },
  {
    $id: 'StockMovement',
    description: 'An entry of the stock ledger.',
    ...documented({ examples: [stockMovementExample] }),
  },
);

/** The REST form of a stock movement. */
export const viewStockMovement = (
  movement: MovementFieldsFragment,
): Static<typeof stockMovementSchema> => ({
  id: movement.id,
  kind: movement.kind,
  stock_delta: movement.stockDelta,
  held_delta: movement.heldDelta,
  product_id: movement.product.id,
  order_id: movement.orderId,
  actor: movement.actor,
  reason: movement.reason,
  at: movement.at,
});
