import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReader, type Reader } from './list-products.ts';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;
let reader: Reader;

const PRODUCTS = [
  { name: 'Brass desk lamp', description: 'A shade of green glass.' },
  { name: 'Oak desk', description: 'Room for two lamps and a book.' },
  { name: 'Crème brûlée torch', description: 'Refillable.' },
  { name: 'The Who poster', description: 'Printed on heavy paper.' },
  { name: 'T-shirt, blue', description: 'Cotton. Comes with a USB-C 3.1 cable.', sku: 'TS-0042' },
  { name: "O'Brien's \\ mug", description: 'Holds 300 ml of "tea" & milk | sugar:* !' },
];

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
  for (const product of PRODUCTS) await catalogue.addProduct(product);
  await catalogue.addProduct({ name: 'Mascara', category: 'beauty' });
});

afterAll(() => catalogue.close());

const find = (text: string) => reader.namesOf({ filter: { text } });

describe('a search', () => {
  it.each([
    ['in any case', 'OAK', ['Oak desk']],
    ['in any form', 'desks', ['Oak desk', 'Brass desk lamp']],
    ['without accents', 'creme brulee', ['Crème brûlée torch']],
    ['that other searches leave out', 'the who', ['The Who poster']],
    ['in the description', 'cotton', ['T-shirt, blue']],
    ['in the category', 'beauty', ['Mascara']],
    ['as the SKU is written', 'ts-0042', ['T-shirt, blue']],
    ['that is only begun', 'brass des', ['Brass desk lamp']],
    ['joined by a hyphen', 't-shirt', ['T-shirt, blue']],
    ['joined by a hyphen and only begun', 't-shi', ['T-shirt, blue']],
    ['with an apostrophe', "o'brien", ["O'Brien's \\ mug"]],
    ['with a letter missing', 'mascra', ['Mascara']],
    ['with two letters exchanged', 'psoter', ['The Who poster']],
    ['with a wrong letter beside a right word', 'brass lanp', ['Brass desk lamp']],
    ['with another first letter', 'nascara', ['Mascara']],
    ['that no product has', 'brass elephant', []],
  ])('finds words %s', async (_how, text, names) => {
    expect(await find(text)).toEqual(names);
  });

  it('requires all words, in any field', async () => {
    expect(await find('desk lamp')).toEqual(['Brass desk lamp', 'Oak desk']);
    expect(await find('desk lamp book')).toEqual(['Oak desk']);
    expect(await find('desk mascara')).toEqual([]);
  });

  it('does not correct article numbers', async () => {
    expect(await find('TS-0043')).toEqual([]);
  });

  it('lists products with the words in their name first, unless another sort is requested', async () => {
    const filter = { text: 'lamp' };
    expect(await reader.namesOf({ filter })).toEqual(['Brass desk lamp', 'Oak desk']);
    expect(await reader.namesOf({ filter, sort: 'NEWEST' })).toEqual([
      'Oak desk',
      'Brass desk lamp',
    ]);
    expect(await reader.namesOf({ filter, sort: 'NAME_ASC' })).toEqual([
      'Brass desk lamp',
      'Oak desk',
    ]);
  });

  it.each([
    ['%'],
    ['_'],
    ['\\'],
    ["'"],
    ['!'],
    ['& |'],
    ['lamp & !desk <-> :*'],
    ["' OR 1=1 --"],
    ["'); DROP TABLE products; --"],
    ['\u{1f600}'],
    ['\u202eksed'],
    ['x'.repeat(200)],
    ['a '.repeat(100)],
    ['"tea'],
    ['$1 ${x} {{x}}'],
  ])('has no operators: %j is plain words', async (text) => {
    const names = await find(text);
    expect(names.every((name) => PRODUCTS.some((product) => product.name === name))).toBe(true);
    expect(await reader.namesOf({})).toHaveLength(PRODUCTS.length + 1);
  });

  it('without words lists all products', async () => {
    for (const text of ['', '   ', null]) {
      expect(await reader.namesOf({ filter: { text } })).toHaveLength(PRODUCTS.length + 1);
    }
  });

  it('refuses text that Postgres can not store', async () => {
    for (const text of ['a\0b', '\ud800', 'x'.repeat(201), 'x'.repeat(10_000)]) {
      expect(await reader.codeOf({ filter: { text } })).toBe('BAD_USER_INPUT');
    }
  });

  it('finds a changed product by its new words only', async () => {
    const { id } = await catalogue.addProduct({ name: 'Zinc bucket' });
    expect(await find('bucket')).toEqual(['Zinc bucket']);
    const input = { id, version: 1, name: 'Zinc pail' };
    await catalogue.asAdmin(
      'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { __typename } }',
      { input },
    );
    expect(await find('pail')).toEqual(['Zinc pail']);
    expect(await find('bucket')).toEqual([]);
  });
});
