import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginRequest, blockTable } from '@cartograph/testing';
import { openProduct, type ProductService } from './open-product.ts';
import { makeReserver } from './reserve-stock.ts';

const BROWSING = 2;

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct({
    DATABASE_POOL_SIZE: String(BROWSING),
    RESERVATION_POOL_SIZE: '1',
  });
});

afterAll(() => catalogue.close());

it('stock is reserved, sold and released while reads use all their connections', async () => {
  const { reserve, commit, release } = makeReserver(catalogue);
  const { id: productId } = await catalogue.addProduct();
  const lines = [{ productId, quantity: 2 }];
  const table = await blockTable(catalogue.database, 'categories');
  try {
    const browsing = await Promise.all(
      Array.from({ length: 3 * BROWSING }, () =>
        beginRequest(catalogue.app, '{ categories { name } }'),
      ),
    );
    await table.untilWaiting(BROWSING);

    const [sold, released] = [randomUUID(), randomUUID()];
    const reserved = await Promise.all([reserve(sold, lines), reserve(released, lines)]);
    expect(reserved).toMatchObject([{ status: 'HELD' }, { status: 'HELD' }]);
    expect(await commit(sold)).toMatchObject({ status: 'COMMITTED' });
    expect(await release(released)).toMatchObject({ status: 'RELEASED' });
    expect((await catalogue.app.inject('/readyz')).statusCode).toBe(200);
    // During all this time no reader was served.
    await table.untilWaiting(BROWSING);
    for (const { disconnect } of browsing) disconnect();
  } finally {
    await table.release();
  }
  expect(await catalogue.readStock(productId)).toBe(8);
});
