import { describe, expect, it } from 'vitest';
import { findProductFault, toProduct, withoutBadImages, type ProductRow } from './rows.ts';
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
  images: [],
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
    const [url, other] = ['https://example.com/a.webp', 'https://example.com/b.webp'];
    const good = makeProduct({ imageUrl: url, images: [url, other] });
    expect(withoutBadImages(good)).toBe(good);
    const bad = makeProduct({ imageUrl: 'data:text/html,x', images: ['data:text/html,x'] });
    expect(withoutBadImages(bad)).toEqual({ ...bad, imageUrl: null, images: [] });
    const mixed = makeProduct({ imageUrl: 'x:y', images: ['x:y', other, 'x:z', url] });
    expect(withoutBadImages(mixed)).toEqual({ ...mixed, imageUrl: other, images: [other, url] });
  });

  it('has the first image and the further ones; none when the release before removed the first', () => {
    const { price: _, images: _images, ...fields } = makeProduct();
    const read = (imageUrl: string | null): Product => {
      const row: ProductRow = {
        ...fields,
        imageUrl,
        furtherImageUrls: ['b'],
        priceCents: 1n,
        currency: 'EUR',
        position: 1n,
      };
      return toProduct(row);
    };
    expect(read('a')).toMatchObject({ imageUrl: 'a', images: ['a', 'b'] });
    expect(read(null)).toMatchObject({ imageUrl: null, images: [] });
  });
});
