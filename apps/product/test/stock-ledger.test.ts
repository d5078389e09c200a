import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openProduct, type ProductService } from './open-product.ts';
import { makeReserver, type Reserver } from './reserve-stock.ts';

let catalogue: ProductService;
let stock: Reserver;

beforeAll(async () => {
  catalogue = await openProduct({ RESERVATION_SWEEP_MS: '50' });
  stock = makeReserver(catalogue);
});

afterAll(() => catalogue.close());

const LEDGER = `query ($productId: ID, $orderId: ID, $first: Int, $after: String) {
  stockMovements(productId: $productId, orderId: $orderId, first: $first, after: $after) {
    nodes { kind stockDelta heldDelta orderId actor reason product { id } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const ADJUST = `mutation ($input: AdjustStockInput!) {
  adjustStock(input: $input) { __typename ... on Product { stock } }
}`;

const adjust = (productId: string, delta: number) =>
  catalogue.asAdmin(ADJUST, { input: { productId, delta, reason: 'counted the stock' } });

const readLedger = async (variables: object) => {
  const { data, errors } = await catalogue.asAdmin(LEDGER, variables);
  expect(errors).toEqual([]);
  return data.stockMovements as {
    nodes: { kind: string; stockDelta: number; heldDelta: number; orderId: string | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
};

/** Products whose stock differs from their ledger. */
const findFaults = () =>
  catalogue.database.query(`
    SELECT p.id, p.stock, sum(m.stock_delta) AS booked, sum(m.held_delta) AS booked_held, held
    FROM products p
    LEFT JOIN stock_movements m ON m.product_id = p.id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(l.quantity), 0) AS held
      FROM reservation_lines l JOIN reservations r USING (order_id)
      WHERE l.product_id = p.id AND r.status = 'HELD'
    ) AS holds
    GROUP BY p.id, held
    HAVING coalesce(sum(m.stock_delta), 0) <> p.stock OR coalesce(sum(m.held_delta), 0) <> held`);

describe('the stock ledger', () => {
  it('is read from both ends', async () => {
    const { id } = await catalogue.addProduct({ stock: 1 });
    for (const delta of [2, 3, 4]) await adjust(id, delta);
    const query = `query ($productId: ID, $last: Int, $before: String) {
      stockMovements(productId: $productId, last: $last, before: $before) {
        nodes { stockDelta } pageInfo { hasNextPage hasPreviousPage startCursor }
      }
    }`;
    const read = async (before: string | null) => {
      const { data } = await catalogue.asAdmin(query, { productId: id, last: 2, before });
      const { nodes, pageInfo } = data.stockMovements as {
        nodes: { stockDelta: number }[];
        pageInfo: { startCursor: string };
      };
      return { deltas: nodes.map(({ stockDelta }) => stockDelta), pageInfo };
    };
    const oldest = await read(null);
    expect(oldest).toMatchObject({ deltas: [2, 1], pageInfo: { hasPreviousPage: true } });
    expect(await read(oldest.pageInfo.startCursor)).toMatchObject({
      deltas: [4, 3],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
  });

  it('lists the movements of a product with actor and reason, newest first', async () => {
    const { id } = await catalogue.addProduct({ stock: 10 });
    const [sold, returned] = [randomUUID(), randomUUID()];
    await adjust(id, -3);
    for (const orderId of [sold, returned]) {
      await stock.reserve(orderId, [{ productId: id, quantity: 2 }]);
    }
    await stock.commit(sold);
    await stock.release(returned);

    const { nodes } = await readLedger({ productId: id });
    const order = { actor: 'order', product: { id } };
    expect(nodes).toEqual([
      {
        ...order,
        kind: 'RELEASED',
        stockDelta: 2,
        heldDelta: -2,
        orderId: returned,
        reason: 'order ended',
      },
      {
        ...order,
        kind: 'COMMITTED',
        stockDelta: 0,
        heldDelta: -2,
        orderId: sold,
        reason: 'order paid',
      },
      {
        ...order,
        kind: 'RESERVED',
        stockDelta: -2,
        heldDelta: 2,
        orderId: returned,
        reason: 'order placed',
      },
      {
        ...order,
        kind: 'RESERVED',
        stockDelta: -2,
        heldDelta: 2,
        orderId: sold,
        reason: 'order placed',
      },
      {
        kind: 'ADJUSTED',
        stockDelta: -3,
        heldDelta: 0,
        orderId: null,
        actor: expect.stringMatching(/^[0-9a-f-]{36}$/),
        reason: 'counted the stock',
        product: { id },
      },
      expect.objectContaining({
        kind: 'ADJUSTED',
        stockDelta: 10,
        actor: expect.stringMatching(/^[0-9a-f-]{36}$/),
        reason: 'created',
      }),
    ]);
    expect((await readLedger({ orderId: sold })).nodes.map(({ kind }) => kind)).toEqual([
      'COMMITTED',
      'RESERVED',
    ]);
  });

  it('lists a hold that expired, and one that was paid after it expired', async () => {
    const { id } = await catalogue.addProduct({ stock: 4 });
    const orderId = randomUUID();
    await stock.reserve(orderId, [{ productId: id, quantity: 3 }], -1);
    await eventually(async () => expect(await catalogue.readStock(id)).toBe(4));
    await stock.commit(orderId);
    const { nodes } = await readLedger({ orderId });
    expect(nodes.map(({ kind, stockDelta }) => [kind, stockDelta])).toEqual([
      ['COMMITTED', 0],
      ['RESERVED', -3],
      ['RELEASED', 3],
      ['RESERVED', -3],
    ]);
  });

  it('is read page by page', async () => {
    const { id } = await catalogue.addProduct({ stock: 10 });
    for (let count = 0; count < 4; count += 1) await adjust(id, 1);
    const first = await readLedger({ productId: id, first: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await readLedger({ productId: id, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ stockDelta }) => stockDelta)).toEqual([
      1, 1, 1, 1, 10,
    ]);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  it('is for administrators', async () => {
    for (const send of [catalogue.asShopper, catalogue.asRouter]) {
      const { errors } = await send(LEDGER, {});
      expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(errors[0]?.extensions.code);
    }
    const { errors } = await catalogue.asAdmin(LEDGER, { after: 'MQ' });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is append-only', async () => {
    for (const change of [
      'UPDATE stock_movements SET stock_delta = 0',
      'DELETE FROM stock_movements',
      'TRUNCATE stock_movements',
    ]) {
      await expect(catalogue.database.query(change)).rejects.toThrow('append-only');
    }
  });

  it('adds up to the stock under concurrent changes', async () => {
    const { id } = await catalogue.addProduct({ stock: 100 });
    const before = await catalogue.readStock(id);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => adjust(id, index % 4 === 0 ? 3 : -1)),
    );
    const done = answers.filter(({ data }) => data?.adjustStock.__typename === 'Product');
    expect(done).toHaveLength(100);
    expect(await catalogue.readStock(id)).toBe(before + 25 * 3 - 75);
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const orderId = randomUUID();
        await stock.reserve(orderId, [{ productId: id, quantity: 1 }]);
        if (index % 3 === 0) return stock.commit(orderId);
        return index % 3 === 1 ? stock.release(orderId) : null;
      }),
    );
    expect(await findFaults()).toEqual([]);
    const [{ movements } = { movements: 0 }] = await catalogue.database.query<{
      movements: number;
    }>('SELECT count(*)::int AS movements FROM stock_movements');
    expect(movements).toBeGreaterThan(150);
  });
});
