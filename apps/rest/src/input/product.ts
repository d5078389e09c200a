import { Type } from 'typebox';
import { ProblemError } from '../problems/problem-error.ts';
import { currency, int32, nullable, safeInteger, textOf } from './fields.ts';

const STRICT = { additionalProperties: false };

const fields = {
  name: textOf(200, { description: '1 to 200 characters.' }),
  description: textOf(10_000, { description: 'Up to 10000 characters.' }),
  price_cents: safeInteger('In the smallest unit of the currency.'),
  currency,
  category: textOf(60, { description: 'For example `kitchen`.' }),
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

/** The body that changes a product: absent fields do not change. */
export const productChange = Type.Partial(Type.Object(fields), STRICT);

/** The body that adjusts the stock. */
export const stockChange = Type.Object(
  {
    delta: int32('Units to add; negative to remove.'),
    reason: textOf(200, { description: 'The reason, for the stock ledger.' }),
  },
  STRICT,
);

/** The version of the product that the client changes. */
export const changeHeaders = Type.Object({
  'if-match': textOf(1_000, { description: 'The version of the product: `"3"`, or its ETag.' }),
});

const VERSION = /^(?:W\/)?"?(\d{1,10})(?:-[\w-]+)?"?$/;
const MAX_VERSION = 2_147_483_647;

/**
 * The entity tag of a product. It includes the stock because a sale does not change the version.
 */
export const makeProductEtag = (product: {
  readonly version: number;
  readonly stock: number;
  readonly updatedAt: string;
}): string => {
  const { version, stock, updatedAt } = product;
  return `"${version}-${stock}-${Date.parse(updatedAt).toString(36)}"`;
};

/**
 * Reads the version from If-Match: `3`, `"3"` or the entity tag of a product. The stock in the tag is
 * ignored: a sale in the meantime does not conflict with a change of the name.
 * @throws ProblemError VALIDATION_FAILED when it has no version
 */
export const readVersion = (ifMatch: string): number => {
  const version = Number(VERSION.exec(ifMatch.trim())?.[1]);
  if (version <= MAX_VERSION) return version;
  const message = 'must be the version of the product, such as "3"';
  throw new ProblemError('VALIDATION_FAILED', { errors: [{ field: 'If-Match', message }] });
};
