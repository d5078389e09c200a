import { CurrencyResolver } from 'graphql-scalars';
import { Type } from 'typebox';
import { int32, nullable, paging, safeInteger } from './fields.ts';

/** The graph's own rule: refused there, it would be a GraphQL error about no field of ours. */
const isCurrency = (text: string): boolean => {
  try {
    CurrencyResolver.parseValue(text);
    return true;
  } catch {
    return false;
  }
};

const STRICT = { additionalProperties: false };

const fields = {
  name: Type.String({ description: '1 to 200 characters.' }),
  description: Type.String({ description: 'Up to 10000 characters.' }),
  price_cents: safeInteger('In the smallest unit of the currency.'),
  currency: Type.Refine(
    Type.String({ description: 'ISO 4217: EUR.' }),
    isCurrency,
    () => 'is not a currency',
  ),
  category: Type.String({ description: 'The shelf it stands on: `kitchen`.' }),
  image_url: nullable(Type.String()),
};

/** The body that adds a product. */
export const newProduct = Type.Object(
  {
    sku: Type.String({ description: 'The shop’s own article number.' }),
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
    reason: Type.String({ description: 'Why, for those who count the books.' }),
  },
  STRICT,
);

/** Which products to list. Conditions add up. */
export const productsQuery = Type.Object(
  {
    ...paging,
    q: Type.Optional(Type.String({ description: 'Words in the name or the description.' })),
    category: Type.Optional(Type.String()),
    min_price_cents: Type.Optional(safeInteger()),
    max_price_cents: Type.Optional(safeInteger()),
    in_stock: Type.Optional(
      Type.Boolean({ description: 'Only products that can be ordered now.' }),
    ),
  },
  STRICT,
);

/** The version that a change is made to. */
export const changeHeaders = Type.Object({
  'if-match': Type.String({ description: 'The version of the product: `"3"`, or its ETag.' }),
});

/** The entity tags that the client has. */
export const cacheHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'ETags that need no second copy.' })),
});
