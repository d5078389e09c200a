import { Type, type Static } from 'typebox';
import type { PreviewFieldsFragment } from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable } from '../input/fields.ts';
import { orderPreviewExample } from './examples.ts';
import { cents, count, currencyCode, uuid } from './fields.ts';

const itemSchema = Type.Object({
  product_id: nullable(uuid('Null when the product was deleted.')),
  sku: Type.String(),
  name: Type.String(),
  qty: count(),
  price_cents: cents('Of one unit, now.'),
  line_total_cents: cents('Of all units of the line.'),
  available: count('The units that can be ordered now.'),
  is_available: Type.Boolean({ description: 'Whether `available` is enough for the line.' }),
});

export const orderPreviewSchema = Type.Object(
  {
    items: Type.Array(itemSchema, { description: 'One line for each product.' }),
    total_cents: cents(),
    currency: currencyCode(),
    is_available: Type.Boolean({ description: 'Whether there is enough stock for every line.' }),
  },
  {
    $id: 'OrderPreview',
    description: 'What an order would be if it were made now.',
    ...documented({ examples: [orderPreviewExample] }),
  },
);

/** The REST form of a preview. */
export const viewOrderPreview = (
  preview: PreviewFieldsFragment,
): Static<typeof orderPreviewSchema> => ({
  items: preview.items.map(({ product, sku, name, quantity, unitPrice, lineTotal, ...line }) => ({
    product_id: product?.id ?? null,
    sku,
    name,
    qty: quantity,
    price_cents: unitPrice.amount,
    line_total_cents: lineTotal.amount,
    available: line.available,
    is_available: line.isAvailable,
  })),
  total_cents: preview.total.amount,
  currency: preview.total.currency,
  is_available: preview.isAvailable,
});
