import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReader, type Reader } from './list-products.ts';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;
let reader: Reader;

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
});

afterAll(() => catalogue.close());

const FORMS = ['NFC', 'NFD'] as const;

const find = (text: string, fields: object = {}) => reader.namesOf({ filter: { text, ...fields } });

const insert = (sku: string, name: string) =>
  catalogue.database.query(
    `INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
       created_at, updated_at)
     VALUES (gen_random_uuid(), $1, $2, $2, 'sql', 1, 'EUR', 1, now(), now())`,
    [sku, name],
  );

describe('a name in one normal form', () => {
  it.each(FORMS.flatMap((stored) => FORMS.map((asked) => [stored, asked] as const)))(
    'as %s is found by a text in another: %s',
    async (stored, asked) => {
      const category = `${stored}-${asked}`.toLowerCase();
      for (const name of ['벽 시계', 'Ångström lamp', 'phở bowl']) {
        await catalogue.addProduct({
          category,
          name: name.normalize(stored),
          description: name.normalize(stored),
        });
      }
      expect(await find('시계'.normalize(asked), { category })).toEqual(['벽 시계']);
      expect(await find('ångström'.normalize(asked), { category })).toEqual(['Ångström lamp']);
      expect(await find('phở'.normalize(asked), { category })).toEqual(['phở bowl']);
    },
  );

  it('is normalized by a change too', async () => {
    const { id } = await catalogue.addProduct({ name: 'Plain' });
    const { data } = await catalogue.asAdmin(
      `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) {
         ... on Product { name description } } }`,
      { input: { id, version: 1, name: 'é'.normalize('NFD'), description: 'ü'.normalize('NFD') } },
    );
    expect(data.updateProduct).toEqual({ name: 'é', description: 'ü' });
  });

  it('that SQL writes is normalized by the database', async () => {
    await insert('SQL-1', '괘종시계'.normalize('NFD'));
    expect(await find('괘종시계')).toEqual(['괘종시계']);
  });

  it('of an older row is normalized by the migration', async () => {
    await catalogue.database.query('DROP TRIGGER compose_product_text ON products');
    await catalogue.database.query('DROP FUNCTION compose_product_text');
    await insert('SQL-2', '손목시계'.normalize('NFD'));
    await insert('SQL-3', '모래시계');
    const before = await catalogue.database.query(`SELECT * FROM products WHERE sku = 'SQL-3'`);
    expect(await find('손목시계')).toEqual([]);
    const file = '../../../prisma/product/migrations/20261129040100_composed_text/migration.sql';
    await catalogue.database.query(await readFile(new URL(file, import.meta.url), 'utf8'));
    expect(await find('손목시계')).toEqual(['손목시계']);
    expect(await catalogue.database.query(`SELECT * FROM products WHERE sku = 'SQL-3'`)).toEqual(
      before,
    );
  });

  it('must not exceed the length of a name when normalized', async () => {
    // U+1D160 is composed of three characters in every normal form.
    await expect(catalogue.addProduct({ name: '\u{1d160}'.repeat(100) })).rejects.toThrow('name');
  });
});
