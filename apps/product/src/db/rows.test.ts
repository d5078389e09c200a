import { describe, expect, it } from '@jest/globals';
import { findProductFault, withoutBadImage } from './rows.ts';
import type { Product } from '../domain/product.ts';

const NOW = new Date();

const makeProduct = (fields: Partial<Product> = {}): Product => ({
  id: 'p',
  sku: 'A-1',
  name: 'A thing',
  description: '',
  price: { amount: 1, currency: 'EUR' },
  stock: 1,
  category: 'general',
  imageUrl: null,
  version: 1,
  createdAt: NOW,
  updatedAt: NOW,
  archivedAt: null,
  ...fields,
});

const MAX = Number.MAX_SAFE_INTEGER;

describe('a stored product', () => {
  it.each([
    {},
    { price: { amount: 0, currency: 'VND' } },
    { price: { amount: MAX, currency: 'EUR' } },
    { createdAt: new Date('0000-01-01T00:00:00Z'), updatedAt: new Date('9999-12-31T23:59:59Z') },
    { archivedAt: NOW },
    { imageUrl: 'javascript:alert(1)' },
  ])('can be shown with %j', (fields) => {
    expect(findProductFault(makeProduct(fields))).toBeNull();
  });

  it.each([
    { price: { amount: -1, currency: 'EUR' } },
    { price: { amount: MAX + 1, currency: 'EUR' } },
    { price: { amount: 1, currency: 'ERU' } },
    { price: { amount: 1, currency: 'eur' } },
    { createdAt: new Date(NaN) },
    { updatedAt: new Date('+010000-01-01T00:00:00Z') },
    { archivedAt: new Date('-000001-01-01T00:00:00Z') },
  ])('can not with %j', (fields) => {
    expect(findProductFault(makeProduct(fields))).toEqual(expect.any(String));
  });

  it('loses a picture that has no web address, and nothing else', () => {
    const good = makeProduct({ imageUrl: 'https://example.com/a.webp' });
    expect(withoutBadImage(good)).toBe(good);
    const bad = makeProduct({ imageUrl: 'data:text/html,x' });
    expect(withoutBadImage(bad)).toEqual({ ...bad, imageUrl: null });
  });
});
