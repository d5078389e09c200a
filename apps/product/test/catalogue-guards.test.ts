import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct();
});

afterAll(() => catalogue.close());

describe('the product database', () => {
  it.each([
    ['products_stock_check', 'UPDATE products SET stock = -1'],
    ['products_price_cents_check', 'UPDATE products SET price_cents = -1'],
    ['products_currency_check', "UPDATE products SET currency = 'ERU'"],
    ['categories_product_count_check', 'UPDATE categories SET product_count = -1'],
    [
      'reservation_lines_quantity_check',
      `INSERT INTO reservation_lines
         SELECT gen_random_uuid(), id, 0, sku, name, price_cents, currency FROM products`,
    ],
    [
      'reservation_lines_currency_check',
      `INSERT INTO reservation_lines
         SELECT gen_random_uuid(), id, 1, sku, name, price_cents, 'ERU' FROM products`,
    ],
    ...[
      ['ADJUSTED', 1, 1],
      ['RESERVED', 1, -1],
      ['RESERVED', -2, 1],
      ['COMMITTED', -1, -1],
      ['COMMITTED', 0, 1],
      ['RELEASED', -1, 1],
      ['RELEASED', 2, -1],
    ].map(([kind, stock, held]): [string, string] => [
      'stock_movements_kind_check',
      `INSERT INTO stock_movements
         (product_id, kind, stock_delta, held_delta, actor, reason, created_at)
       SELECT id, '${kind}', ${stock}, ${held}, 'sql', 'x', now() FROM products`,
    ]),
  ])('refuses by %s: %s', async (constraint, sql) => {
    await catalogue.addProduct();
    await expect(catalogue.database.query(sql)).rejects.toThrow(constraint);
  });
});

describe('a change of the catalogue', () => {
  const MUTATIONS = {
    createProduct: () => ({
      sku: randomUUID(),
      name: 'A thing',
      price: { amount: 1, currency: 'EUR' },
    }),
    updateProduct: (id: string) => ({ id, version: 1, name: 'Another' }),
    archiveProduct: (id: string) => ({ id, version: 1 }),
  } as const;

  it.each(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])(
    'by %s waits until a concurrent change has ended',
    async (field) => {
      const { id } = await catalogue.addProduct();
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const other = new Client(catalogue.database.url);
      await other.connect();
      await other.query('BEGIN');
      await other.query('SELECT pg_advisory_xact_lock(7001)');
      const changed = catalogue.asAdmin(
        `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
        { input: MUTATIONS[field](id) },
      );
      try {
        await eventually(async () => {
          const waiting = await catalogue.database.query(
            `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
             WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
               AND objid = 7001`,
          );
          expect(waiting).toHaveLength(1);
        }, 20_000);
      } finally {
        await other.query('ROLLBACK');
        await other.end();
      }
      expect((await changed).data[field]).toEqual({ __typename: 'Product' });
    },
  );
});
