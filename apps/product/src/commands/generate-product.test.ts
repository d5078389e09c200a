import { describe, expect, it } from 'vitest';
import { isProblem } from '@cartograph/errors';
import { checkImportedProduct } from '../domain/catalogue-import.ts';
import { generateProduct } from './generate-product.ts';

const make = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => generateProduct(from + index, 1));

const makers = (products: readonly { name: string }[]) =>
  new Set(products.map(({ name }) => name.split(' ')[0])).size;

describe('generateProduct', () => {
  it('makes the same product for the same seed and index, and another for another', () => {
    expect(generateProduct(7, 1)).toEqual(generateProduct(7, 1));
    expect(generateProduct(7, 1).sku).toBe('GEN-1-7');
    const other = generateProduct(7, 2);
    expect({ ...other, sku: '' }).not.toEqual({ ...generateProduct(7, 1), sku: '' });
  });

  it('makes products that pass the rules, with descriptions of 15 to 40 words', () => {
    for (const product of [...make(3_000), ...make(1_000, 9_000_000)]) {
      expect(isProblem(checkImportedProduct(product))).toBe(false);
      const words = product.description.split(' ').length;
      expect(words).toBeGreaterThanOrEqual(15);
      expect(words).toBeLessThanOrEqual(40);
    }
  });

  it('fills 40 categories unequally, and leaves about 5 % without stock', () => {
    const products = make(10_000);
    const sizes = Object.values(Object.groupBy(products, ({ category }) => category)).map(
      (some) => some?.length ?? 0,
    );
    expect(sizes).toHaveLength(40);
    expect(Math.max(...sizes)).toBeGreaterThan(4 * Math.min(...sizes));
    const soldOut = products.filter(({ stock }) => stock === 0).length;
    expect(soldOut).toBeGreaterThan(350);
    expect(soldOut).toBeLessThan(650);
  });

  it('invents more names the more there are', () => {
    expect(makers(make(20_000))).toBeGreaterThan(3 * makers(make(1_000)));
  });
});
