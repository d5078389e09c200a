import { Type } from 'typebox';
import { currency, int32, nullable, safeInteger } from './fields.ts';
import { textOf } from './texts.ts';

const STRICT = { additionalProperties: false };

const fields = {
  name: textOf(200, { description: '1 to 200 characters.' }),
  description: textOf(10_000, { description: 'Up to 10000 characters.' }),
  price_cents: safeInteger('In the smallest unit of the currency.'),
  currency,
  category: textOf(60, { description: 'The shelf it stands on: `kitchen`.' }),
  image_url: nullable(textOf(2_000)),
};

/** The body that adds a product. */
export const newProduct = Type.Object(
  {
    sku: textOf(64, { description: 'The shop’s own article number.' }),
    name: fields.name,
    description: Type.Optional(fields.description),
    price_cents: fields.price_cents,
    currency: fields.currency,
    stock: Type.Optional(int32()),
    category: Type.Optional(fields.category),
    image_url: Type.Optional(fields.image_url),
  },
  STRICT,
);

/** The body that changes a product: what is left out stays as it is. */
export const productChange = Type.Partial(Type.Object(fields), STRICT);

/** The body that counts units in or out. */
export const stockChange = Type.Object(
  {
    delta: int32('Units to add; negative to take away.'),
    reason: textOf(200, { description: 'Why, for those who count the books.' }),
  },
  STRICT,
);

/** The version that a change is made to. */
export const changeHeaders = Type.Object({
  'if-match': textOf(1_000, { description: 'The version of the product: `"3"`, or its ETag.' }),
});
