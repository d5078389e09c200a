import { describe, expect, it } from 'vitest';
import { findField, makeColumns, type Field } from './columns.ts';
import { parseExactly } from './read-json.ts';
import { makeProductReader, normalizeCategory } from './read-product.ts';

const GOOD = {
  sku: 'A-1',
  name: 'A thing',
  description: 'Of oak.',
  category: 'things',
  price: 9.99,
  stock: 3,
};

const read = (row: unknown, mapped: ReadonlyMap<Field, string> = new Map(), currency = 'EUR') =>
  makeProductReader(makeColumns(mapped), currency)(row);

const readWith = (fields: object) => read({ ...GOOD, ...fields });

describe('a row of a file', () => {
  it('becomes a product, without a word of a picture that it does not have', () => {
    expect(read(GOOD)).toEqual({
      sku: 'A-1',
      name: 'A thing',
      description: 'Of oak.',
      category: 'things',
      price: { amount: 999, currency: 'EUR' },
      stock: 3,
      imageUrl: undefined,
    });
  });

  it('needs no more than a SKU, a name and a price', () => {
    expect(read({ sku: 'A-1', name: 'A thing', price: 1, description: null })).toEqual({
      sku: 'A-1',
      name: 'A thing',
      description: undefined,
      category: undefined,
      price: { amount: 100, currency: 'EUR' },
      stock: undefined,
      imageUrl: undefined,
    });
  });

  it('may name its columns in other ways', () => {
    const columns = makeColumns();
    const row = {
      SKU: 'A-1',
      title: 'A thing',
      Description: '',
      Category: "Women's Dresses",
      'Price cents': '1999',
      Currency: 'usd',
      quantity: '4',
      thumbnail: 'https://example.com/a.webp',
      brand: 'x',
    };
    expect(makeProductReader(columns, 'EUR')(row)).toEqual({
      sku: 'A-1',
      name: 'A thing',
      description: undefined,
      category: 'womens-dresses',
      price: { amount: 1999, currency: 'USD' },
      stock: 4,
      imageUrl: 'https://example.com/a.webp',
    });
    expect(columns.listIgnored()).toEqual(['brand']);
  });

  it('has its price in minor units where it says so, and its name before its title', () => {
    expect(readWith({ priceCents: 5, price_cents: null, title: 'Other' })).toMatchObject({
      price: { amount: 5 },
      name: 'A thing',
    });
    expect(readWith({ name: null, title: 'Other' })).toMatchObject({ name: 'Other' });
  });

  it('follows a mapping that was given, and nothing else for that field', () => {
    const mapped = new Map<Field, string>([
      ['name', 'brand'],
      ['price', 'Cost'],
    ]);
    const row = { ...GOOD, brand: 'B', Cost: '1', priceCents: 7 };
    expect(read(row, mapped)).toMatchObject({ name: 'B', price: { amount: 100 } });
    expect(read(GOOD, mapped)).toEqual({ fault: 'name: is missing; price: is missing' });
    expect(['price_cents', 'priceCents', 'image_url', 'weight'].map(findField)).toEqual([
      'priceCents',
      'priceCents',
      'imageUrl',
      null,
    ]);
  });

  it('follows a mapping in another case, and the exact name first', () => {
    const mapped = new Map<Field, string>([['stock', 'Auf Lager']]);
    expect(read({ ...GOOD, auf_lager: '8' }, mapped)).toMatchObject({ stock: 8 });
    const both = { ...GOOD, 'AUF LAGER': '1', 'Auf Lager': '8', auf_lager: '2' };
    expect(read(both, mapped)).toMatchObject({ stock: 8 });
  });

  it('must not have two values for one field in columns of the same name', () => {
    expect(readWith({ Price: 5 })).toEqual({
      fault: 'price: has different values in "price" and "Price"',
    });
    expect(readWith({ Price: 9.99 })).toMatchObject({ price: { amount: 999 } });
    expect(readWith({ Price: ' ' })).toMatchObject({ price: { amount: 999 } });
  });

  it('has a price with the digits of its currency, and every one of them', () => {
    expect(readWith({ price: '1500', currency: 'JPY' })).toMatchObject({ price: { amount: 1500 } });
    expect(readWith({ price: 1.005, currency: 'KWD' })).toMatchObject({ price: { amount: 1005 } });
    const exact = parseExactly(
      JSON.stringify({ ...GOOD, price: 0 }).replace(':0', ':90071992547409.91'),
    );
    expect(read(exact)).toMatchObject({ price: { amount: Number.MAX_SAFE_INTEGER } });
  });
});

describe('an empty field', () => {
  const OPTIONAL = ['description', 'category', 'stock', 'imageUrl'] as const;

  it.each(OPTIONAL.flatMap((field) => [undefined, null, '', '  '].map((value) => [field, value])))(
    'leaves a product its %s: %j',
    (field, value) => {
      expect(readWith({ imageUrl: 'https://a.example/', [field as string]: value })).toMatchObject({
        [field as string]: undefined,
      });
    },
  );

  it('of one column gives way to another column of that field', () => {
    expect(readWith({ price_cents: '', price: '5' })).toMatchObject({ price: { amount: 500 } });
    expect(readWith({ imageUrl: ' ', image: 'https://a.example/' })).toMatchObject({
      imageUrl: 'https://a.example/',
    });
  });

  it('is cleared by what says so', () => {
    const marks = { description: '\\N', category: '\\N', image: '\\N' };
    expect(readWith(marks)).toMatchObject({
      description: '',
      category: 'general',
      imageUrl: null,
    });
  });
});

describe('a bad row', () => {
  it.each([
    [{ sku: undefined }, 'sku: is missing'],
    [{ sku: null }, 'sku: is missing'],
    [{ sku: 5 }, 'sku: must be text'],
    [
      { sku: '=1+1' },
      'sku: must be 1 to 64 letters, digits, dots, hyphens or underscores, and begin with a letter or digit',
    ],
    [{ sku: 'A\0' }, 'sku: must not contain the NUL character'],
    [{ name: '' }, 'name: is missing'],
    [{ name: ' ' }, 'name: is missing'],
    [{ name: '\\N' }, "name: can't be cleared"],
    [{ sku: '\\N' }, "sku: can't be cleared"],
    [{ price: '\\N' }, "price: can't be cleared"],
    [{ stock: '\\N' }, "stock: can't be cleared"],
    [{ currency: 'ERU' }, 'currency: is not a currency of ISO 4217'],
    [{ currency: 'ERU', price: undefined, priceCents: 5 }, 'currency: is not a currency'],
    [{ currency: 'XXX', price: undefined, priceCents: 5 }, 'currency: is not a currency'],
    [{ name: 'x'.repeat(10_240) }, 'name: must have 200 characters or fewer'],
    [{ name: 'a\0b' }, 'name: must not contain the NUL character'],
    [{ name: '\ud800' }, 'name: has half of a character'],
    [{ name: { en: 'A' } }, 'name: must be text'],
    [{ description: ['a'] }, 'description: must be text'],
    [{ category: '🎩' }, 'category: must be words in lower case, joined by hyphens'],
    [{ price: undefined }, 'price: is missing'],
    [{ price: -1 }, 'price: must be 0 or more'],
    [{ price: 9.999 }, 'price: has more than 2 decimals'],
    [{ price: 'NaN' }, 'price: must be a number, such as 12 or 12.5'],
    [{ price: NaN }, 'price: must be a number, such as 12 or 12.5'],
    [{ price: 1e21 }, 'price: must be 9007199254740991 or less'],
    [{ price: '1,99' }, 'price: must be a number, such as 12 or 12.5'],
    [{ price: { amount: 5 } }, 'price: must be a number'],
    [{ priceCents: 9.5 }, 'price: must be a whole number'],
    [{ price: '1.5', currency: 'JPY' }, 'price: must be a whole number'],
    [{ currency: 'euro' }, 'currency: is not a currency of ISO 4217'],
    [{ currency: 978 }, 'currency: must be text'],
    [{ stock: -1 }, 'stock: must be 0 or more'],
    [{ stock: 1.5 }, 'stock: must be a whole number'],
    [{ stock: 1e10 }, 'stock: must be 1000000000 or less'],
    [{ stock: true }, 'stock: must be a number'],
    [{ image: 'javascript:alert(1)' }, 'imageUrl: is not a web address'],
    [{ sku: '', price: 'x' }, /^sku: .*; price: /],
  ])('reports %j', (fields, fault) => {
    const result = readWith(fields) as { fault: string };
    if (typeof fault === 'string') expect(result).toEqual({ fault });
    else expect(result.fault).toMatch(fault);
  });

  it.each([null, 5, 'text', [], [GOOD]])('%j is no row', (row) => {
    expect(read(row)).toEqual({ fault: 'is not an object' });
  });

  it('has only the keys of its own', () => {
    const { sku: _, ...rest } = GOOD;
    expect(read(Object.setPrototypeOf({ ...rest }, { sku: 'A-1' }))).toEqual({
      fault: 'sku: is missing',
    });
    expect(read(parseExactly('{"__proto__":{"sku":"A-1"}}'))).toMatchObject({
      fault: expect.stringContaining('sku: is missing'),
    });
    expect(({} as { sku?: string }).sku).toBeUndefined();
  });
});

describe('text of any kind', () => {
  it.each(['=HYPERLINK("x")', 'שלום', '🎩', '<b>&amp;', "'; DROP TABLE products; --"])(
    'is a name as it stands: %s',
    (name) => {
      expect(readWith({ name, description: name })).toMatchObject({ name, description: name });
    },
  );
});

describe('text in another normal form', () => {
  it('is composed, as it is stored: the same file twice changes nothing', () => {
    const [name, description] = ['é'.normalize('NFD'), '시계'.normalize('NFD')];
    expect(readWith({ name, description })).toMatchObject({ name: 'é', description: '시계' });
  });
});

describe('normalizeCategory', () => {
  it.each([
    ['womens-dresses', 'womens-dresses'],
    ['Home & Garden', 'home-garden'],
    [' Men’s  Shoes ', 'mens-shoes'],
    ['Épicerie > Thés', 'epicerie-thes'],
    ['靴', '靴'],
  ])('%s is %s', (text, shaped) => {
    expect(normalizeCategory(text)).toBe(shaped);
  });

  it('returns a text that is too long as it is, whose normalization would take minutes', () => {
    const marks = '\u0301\u0316'.repeat(100_000);
    const startedAt = performance.now();
    expect(readWith({ category: marks })).toEqual({
      fault: 'category: must have 60 characters or fewer',
    });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
