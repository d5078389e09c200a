import { Type } from 'typebox';
import { MAX_AMOUNT } from '@cartograph/money';
import { documented } from './documented.ts';
import { currency, int32, nullable, safeInteger, textOf } from './fields.ts';

const STRICT = { additionalProperties: false };

/** More units of one product than any warehouse has. */
const MAX_STOCK = 1_000_000_000;

const fields = {
  name: textOf(200, { description: '1 to 200 characters.', minLength: 1 }),
  description: textOf(10_000, { description: 'Up to 10000 characters.' }),
  price_cents: safeInteger('In the smallest unit of the currency.', {
    minimum: 0,
    maximum: MAX_AMOUNT,
  }),
  currency,
  category: textOf(60, {
    description: 'For example `kitchen`: words in lower case, joined by hyphens.',
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  }),
  image_url: nullable(
    textOf(2_000, {
      description:
        'A web address: the first image. Null removes all images. Send it or `images`, not both.',
      format: 'uri',
      minLength: 1,
    }),
  ),
  images: Type.Array(
    Type.Object(
      { url: textOf(2_000, { description: 'A web address.', format: 'uri', minLength: 1 }) },
      { additionalProperties: false },
    ),
    {
      maxItems: 10,
      description: 'At most 10, in the order in which they are shown: they are all of its images.',
    },
  ),
};

/** The body that adds a product. */
export const newProduct = Type.Object(
  {
    sku: textOf(64, {
      description: 'The shop’s own article number.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      minLength: 1,
    }),
    name: fields.name,
    description: Type.Optional(fields.description),
    price_cents: fields.price_cents,
    currency: fields.currency,
    stock: Type.Optional(int32('0 by default.', { minimum: 0, maximum: MAX_STOCK })),
    category: Type.Optional(fields.category),
    image_url: Type.Optional(fields.image_url),
    images: Type.Optional(fields.images),
  },
  {
    ...STRICT,
    ...documented({
      examples: [
        {
          sku: 'MUG-1',
          name: 'Mug',
          description: 'Holds tea.',
          price_cents: 1299,
          currency: 'EUR',
          stock: 7,
          category: 'kitchen',
        },
      ],
    }),
  },
);

/** The body that changes a product: absent fields do not change. */
export const productChange = Type.Partial(Type.Object(fields), {
  ...STRICT,
  ...documented({ examples: [{ name: 'Large mug', price_cents: 1499 }] }),
});

/** The body that adjusts the stock. */
export const stockChange = Type.Object(
  {
    delta: int32('Units to add; negative to remove.', {
      minimum: -MAX_STOCK,
      maximum: MAX_STOCK,
      not: { const: 0 },
    }),
    reason: textOf(200, { description: 'The reason, for the stock ledger.', minLength: 1 }),
  },
  { ...STRICT, ...documented({ examples: [{ delta: 12, reason: 'delivery' }] }) },
);

/** What the client makes its change to. */
export const changeHeaders = Type.Object({
  'if-match': textOf(1_000, {
    description:
      'The version of the product: `"3"`, which ignores sales in the meantime; its ETag, which does ' +
      'not; several of them; or `*` for any. Weak ETags never match.',
    examples: ['"3"'],
  }),
});
