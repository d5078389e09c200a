import { describe, expect, it } from 'vitest';
import { toFieldErrors, toFieldName } from './field-names.ts';

describe('a field of the graph', () => {
  it.each([
    ['amount', 'amount_cents'],
    ['idempotencyKey', 'Idempotency-Key'],
    ['price', 'price_cents'],
    ['price.amount', 'price_cents'],
    ['price.currency', 'currency'],
    ['version', 'If-Match'],
    ['email', 'email'],
    ['newPassword', 'new_password'],
    ['imageUrl', 'image_url'],
    ['items.0.quantity', 'items.0.qty'],
    ['items.12.productId', 'items.12.product_id'],
    ['items', 'items'],
  ])('%s is called %s here', (path, name) => {
    expect(toFieldName(path)).toBe(name);
  });

  it('is returned with its message', () => {
    const faults = [
      { path: 'price', message: 'is negative' },
      { path: 'version', message: 'is no whole number' },
    ];
    expect(toFieldErrors(faults)).toEqual([
      { field: 'price_cents', message: 'is negative' },
      { field: 'If-Match', message: 'is no whole number' },
    ]);
  });
});
