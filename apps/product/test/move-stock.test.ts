import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addToStock } from '../src/db/move-stock.ts';
import { makeProduct, openImport, type OpenImport } from './open-import.ts';

let shop: OpenImport;

beforeAll(async () => {
  shop = await openImport();
});

afterAll(() => shop.close());

describe('moving stock', () => {
  it('takes units only from products that have enough of them', async () => {
    await shop.write([
      makeProduct({ sku: 'FEW', stock: 2 }),
      makeProduct({ sku: 'MANY', stock: 9 }),
    ]);
    const ids = (await shop.query<{ id: string }>('SELECT id FROM products ORDER BY sku')).map(
      ({ id }) => id,
    );
    const move = (quantities: readonly number[]) =>
      shop.database.$transaction((tx) => addToStock(tx, ids, quantities));
    expect(await move([-3, -3])).toBe(1);
    expect(await move([-2, 5])).toBe(2);
    expect(await shop.query('SELECT sku, stock FROM products ORDER BY sku')).toEqual([
      { sku: 'FEW', stock: 0 },
      { sku: 'MANY', stock: 11 },
    ]);
  });
});
