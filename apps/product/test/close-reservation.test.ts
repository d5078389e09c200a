import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type ProductService } from './open-product.ts';
import { countUnits, makeReserver, type Reserver } from './reserve-stock.ts';

let catalogue: ProductService;
let stock: Reserver;

beforeAll(async () => {
  catalogue = await openProduct();
  stock = makeReserver(catalogue);
});

afterAll(() => catalogue.close());

const newLines = async (quantity = 4) => {
  const { id: productId } = await catalogue.addProduct();
  return { productId, orderId: randomUUID(), lines: [{ productId, quantity }] };
};

describe('a reservation that is closed', () => {
  it('returns its units to stock, and reserves none again', async () => {
    const { productId, orderId, lines } = await newLines();
    await stock.reserve(orderId, lines);
    expect(await stock.close(orderId)).toMatchObject({ status: 'RELEASED', lines });
    expect(await stock.close(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await stock.reserve(orderId, lines)).toMatchObject({ status: 'RELEASED' });
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('refuses a later request, even if there was no reservation', async () => {
    const { productId, orderId, lines } = await newLines();
    expect(await stock.close(orderId)).toMatchObject({ status: 'RELEASED', lines: [] });
    expect(await stock.reserve(orderId, lines)).toMatchObject({ status: 'RELEASED', lines: [] });
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('refuses to reserve again what was released before it was closed', async () => {
    const { productId, orderId, lines } = await newLines();
    await stock.reserve(orderId, lines);
    await stock.release(orderId);
    await stock.close(orderId);
    expect(await stock.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    expect(await catalogue.readStock(productId)).toBe(10);
  });

  it('stays sold when it was sold', async () => {
    const { productId, orderId, lines } = await newLines();
    await stock.reserve(orderId, lines);
    await stock.commit(orderId);
    expect(await stock.close(orderId)).toMatchObject({ status: 'COMMITTED' });
    expect(await catalogue.readStock(productId)).toBe(6);
  });

  it('reserves or releases, whichever of two concurrent requests comes first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { productId, orderId, lines } = await newLines();
      await Promise.all([stock.reserve(orderId, lines), stock.close(orderId)]);
      expect(await catalogue.readStock(productId)).toBe(10);
      expect(await stock.reserve(orderId, lines)).toMatchObject({ status: 'RELEASED' });
    }
    expect(await countUnits(catalogue)).toEqual(Object.fromEntries(catalogue.startingStock));
  });
});
