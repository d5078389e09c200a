import type { FieldFault } from '@cartograph/errors';
import type { FieldError } from './refusal.ts';

/** What the graph calls otherwise than in snake_case; the rest follows from its name. */
const RENAMED = new Map([
  ['amount', 'amount_cents'],
  ['idempotencyKey', 'Idempotency-Key'],
  ['price', 'price_cents'],
  ['price.amount', 'price_cents'],
  ['price.currency', 'currency'],
  ['version', 'If-Match'],
]);

const RENAMED_PARTS = new Map([['quantity', 'qty']]);

const toSnakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `items.0.productId` -> `items.0.product_id`: a field of the graph by what it is called here. */
export const toFieldName = (path: string): string =>
  RENAMED.get(path) ??
  path
    .split('.')
    .map((part) => RENAMED_PARTS.get(part) ?? toSnakeCase(part))
    .join('.');

/** The faults that the graph found, about the fields that the client sent. */
export const toFieldErrors = (faults: readonly FieldFault[]): readonly FieldError[] =>
  faults.map(({ path, message }) => ({ field: toFieldName(path), message }));
