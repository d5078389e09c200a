import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes, type EventData } from '@cartograph/events';
import { eventually } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaCatalogueImport } from '../src/db/make-prisma-catalogue-import.ts';
import { openProduct, type ProductService } from './open-product.ts';
import { CAUSE, LOW_STOCK, makeProduct } from './open-import.ts';
import { makeReserver, type Reserver } from './reserve-stock.ts';

let catalogue: ProductService;
let stock: Reserver;
let database: Database;

beforeAll(async () => {
  catalogue = await openProduct();
  stock = makeReserver(catalogue);
  database = makeDatabase({ databaseUrl: catalogue.database.url, databasePoolSize: 2 });
});

afterAll(async () => {
  await database.$disconnect();
  await catalogue.close();
});

const ADJUST = `mutation ($input: AdjustStockInput!) {
  adjustStock(input: $input) { __typename ... on Problem { code } }
}`;

const adjust = (productId: string, delta: number) =>
  catalogue.asAdmin(ADJUST, { input: { productId, delta, reason: 'counted' } });

const reserve = (productId: string, quantity: number, orderId: string = randomUUID()) =>
  stock.reserve(orderId, [{ productId, quantity }]);

/** The stock in each low stock event of a product. */
const toldOf = async (productId: string): Promise<number[]> => {
  const rows = await catalogue.database.query<{ data: EventData<'stock.low'> }>(
    `SELECT envelope->'data' AS data FROM events
     WHERE envelope->>'type' = 'stock.low' AND envelope->>'subject' = $1 ORDER BY position`,
    [productId],
  );
  for (const { data } of rows) {
    expect(eventTypes['stock.low'].data.safeParse(data).error).toBeUndefined();
    expect(data.threshold).toBe(5);
  }
  return rows.map(({ data }) => data.stock);
};

describe('stock.low', () => {
  it('is sent when orders reduce stock to the threshold, once until there is more', async () => {
    const { id } = await catalogue.addProduct({ stock: 8 });
    await reserve(id, 2);
    expect(await toldOf(id)).toEqual([]);
    await reserve(id, 1);
    expect(await toldOf(id)).toEqual([5]);
    await reserve(id, 1);
    await reserve(id, 4);
    expect(await toldOf(id)).toEqual([5]);
    await adjust(id, 10);
    await reserve(id, 7);
    expect(await toldOf(id)).toEqual([5, 3]);
  });

  it('is sent when an adjustment or an import reduces stock to the threshold', async () => {
    const { id } = await catalogue.addProduct({ stock: 6 });
    await adjust(id, -6);
    expect(await toldOf(id)).toEqual([0]);
    const { id: other, sku } = await catalogue.addProduct({ stock: 6 });
    const file = [makeProduct({ sku, stock: 2 })];
    await makePrismaCatalogueImport(database, LOW_STOCK).writeProducts(file, CAUSE, true);
    expect(await toldOf(other)).toEqual([2]);
  });

  it('is sent when released stock is sold again', async () => {
    const { id } = await catalogue.addProduct({ stock: 6 });
    const orderId = randomUUID();
    await reserve(id, 4, orderId);
    await stock.release(orderId);
    await stock.commit(orderId);
    expect(await toldOf(id)).toEqual([2, 2]);
  });

  it('is sent once, under concurrent reservations', async () => {
    const { id } = await catalogue.addProduct({ stock: 12 });
    await Promise.all(Array.from({ length: 20 }, () => reserve(id, 1)));
    expect(await catalogue.readStock(id)).toBe(0);
    expect(await toldOf(id)).toEqual([5]);
  });

  it('is not sent for new products or for refused orders', async () => {
    const { id } = await catalogue.addProduct({ stock: 3 });
    const { id: plenty } = await catalogue.addProduct({ stock: 6 });
    const refused = await stock.reserve(randomUUID(), [
      { productId: plenty, quantity: 2 },
      { productId: id, quantity: 4 },
    ]);
    expect(refused.code).toBe('OUT_OF_STOCK');
    expect([await toldOf(id), await toldOf(plenty)]).toEqual([[], []]);
  });

  it('is written in the transaction of the stock movement', async () => {
    const { id } = await catalogue.addProduct({ stock: 6 });
    await catalogue.database.query(
      "ALTER TABLE events ADD CONSTRAINT cut_off CHECK (envelope->>'type' = '') NOT VALID",
    );
    const { errors } = await stock.send(randomUUID(), [{ productId: id, quantity: 1 }]);
    const adjusted = await adjust(id, -1);
    await catalogue.database.query('ALTER TABLE events DROP CONSTRAINT cut_off');
    expect([errors, adjusted.errors].map((all) => all.length)).toEqual([1, 1]);
    expect([await catalogue.readStock(id), await toldOf(id)]).toEqual([6, []]);
    await reserve(id, 1);
    expect([await catalogue.readStock(id), await toldOf(id)]).toEqual([5, [5]]);
  });

  it('is published by the service itself', async () => {
    await eventually(async () => {
      const waiting = await catalogue.database.query(
        'SELECT id FROM events WHERE published_at IS NULL OR broker_published_at IS NULL',
      );
      expect(waiting).toEqual([]);
    });
    expect(await catalogue.database.query('SELECT id FROM events LIMIT 1')).toHaveLength(1);
  });
});

describe('the durable work of the product service', () => {
  it('starts with the service, and purges old events every hour', async () => {
    const rows = await catalogue.database.query(
      'SELECT identifier FROM graphile_worker._private_known_crontabs',
    );
    expect(rows).toEqual([{ identifier: 'forget_events' }]);
    const { id } = await catalogue.addProduct({ stock: 6 });
    await reserve(id, 1);
    await eventually(async () => {
      const aged = await catalogue.database.query(
        `UPDATE events SET published_at = now() - interval '31 days'
         WHERE envelope->>'subject' = $1 AND published_at IS NOT NULL
         RETURNING id`,
        [id],
      );
      expect(aged).toHaveLength(1);
    });
    await catalogue.database.query("SELECT graphile_worker.add_job('forget_events')");
    await eventually(async () => expect(await toldOf(id)).toEqual([]));
  });
});
