import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { makePostgresReservationStore } from '../src/db/make-postgres-reservation-store.ts';
import { LOW_STOCK, makeProduct, openImport, type OpenImport } from './open-import.ts';

let shop: OpenImport;

beforeAll(async () => {
  shop = await openImport();
});

afterAll(() => shop.close());

describe('at the same time', () => {
  it('four imports of the same products add each once', async () => {
    const products = Array.from({ length: 200 }, () => makeProduct());
    const shuffles = [products, products.toReversed(), products.slice(50), products.slice(0, 150)];
    const outcomes = await Promise.all(shuffles.map((some) => shop.write(some)));
    const added = outcomes.reduce((sum, outcome) => sum + outcome.added, 0);
    expect(added).toBe(200);
    expect(outcomes.every(({ changed }) => changed === 0)).toBe(true);
    await shop.expectBalance();
  });

  it('orders hold stock while it is being set, and every unit is in the ledger', async () => {
    const products = Array.from({ length: 20 }, () => makeProduct({ stock: 50 }));
    await shop.write(products);
    const ids = (await shop.readRows(products)).map((row) => String(row['id'])).toSorted();
    const reservations = makePostgresReservationStore(shop.pool, LOW_STOCK);
    const order = () =>
      reservations.reserve(
        randomUUID(),
        ids.map((productId) => ({ productId, quantity: 1 })),
        new Date(Date.now() + 60_000),
      );
    const set = (stock: number) =>
      shop.write(
        products.toReversed().map((product) => ({ ...product, stock, name: `Of ${stock}` })),
        true,
      );
    const answers = await Promise.all([
      order(),
      set(40),
      order(),
      set(30),
      order(),
      set(60),
      order(),
    ]);
    expect(answers.filter((answer) => 'kind' in answer)).toEqual([]);
    await shop.expectBalance();
  });
});

describe('rows that an order holds', () => {
  const isWaitedFor = () =>
    eventually(async () => {
      const waiting = await shop.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    });

  it('are set to the stock of the file, counted from what the order left', async () => {
    const product = makeProduct({ stock: 10 });
    await shop.write([product]);
    await shop.query('BEGIN');
    await shop.query('UPDATE products SET stock = 6 WHERE sku = $1', [product.sku]);
    await shop.query(
      `INSERT INTO stock_movements
         (product_id, kind, stock_delta, held_delta, actor, reason, created_at)
       SELECT id, 'ADJUSTED', -4, 0, 'order', 'x', now() FROM products WHERE sku = $1`,
      [product.sku],
    );
    const written = shop.write([{ ...product, stock: 4 }], true);
    try {
      await isWaitedFor();
    } finally {
      await shop.query('COMMIT');
      await written;
    }
    expect(await shop.readRows([product])).toMatchObject([{ stock: 4 }]);
    await shop.expectBalance();
  });

  it('are locked in the order of ids, so that no two transactions deadlock', async () => {
    const products = Array.from({ length: 5 }, () => makeProduct());
    await shop.write(products);
    const ids = (await shop.readRows(products)).map((row) => String(row['id'])).toSorted();
    const lock = (id: string | undefined) =>
      shop.query('SELECT 1 AS taken FROM products WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [id]);
    await shop.query('BEGIN');
    await lock(ids[0]);
    const changes = products.toReversed().map((product) => ({ ...product, name: 'New', stock: 1 }));
    const written = shop.write(changes, true);
    try {
      await isWaitedFor();
      for (const id of ids.slice(1)) expect(await lock(id)).toEqual([{ taken: 1 }]);
    } finally {
      await shop.query('ROLLBACK');
      expect(await written).toMatchObject({ changed: 5 });
    }
    await shop.expectBalance();
  });
});
