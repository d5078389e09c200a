import type { FieldFault } from '@cartograph/errors';
import { FILTER_PARAMETERS } from '../input/products-query.ts';
import type { FieldError } from '../problems/problem-error.ts';

/** Fields of mutations whose REST name does not follow from the graph's name. */
const FIELDS = new Map([
  ['amount', 'amount_cents'],
  ['idempotencyKey', 'Idempotency-Key'],
  ['price', 'price_cents'],
  ['price.amount', 'price_cents'],
  ['price.currency', 'currency'],
  ['version', 'If-Match'],
]);

const PARTS = new Map([['quantity', 'qty']]);

const toSnakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The REST name of a field of the graph: `items.0.productId` -> `items.0.product_id`. */
export const toFieldName = (path: string): string =>
  FIELDS.get(path) ??
  path
    .split('.')
    .map((part) => PARTS.get(part) ?? toSnakeCase(part))
    .join('.');

/** The faults that the graph found in the body, with the names of the client's fields. */
export const toFieldErrors = (faults: readonly FieldFault[]): readonly FieldError[] =>
  faults.map(({ path, message }) => ({ field: toFieldName(path), message }));

/** Arguments of lists that only the graph can check, and the query parameters they come from. */
const PARAMETERS = new Map([
  ['after', 'cursor'],
  ['before', 'before'],
  ['first', 'limit'],
  ['last', 'limit'],
  ...FILTER_PARAMETERS,
]);

const INDEX = /\.\d+$/;

/** The query parameter of an argument of the graph: `filter.skus.3` -> `sku`. */
export const toParameterName = (argument: string): string | undefined =>
  PARAMETERS.get(argument.replace(INDEX, ''));
