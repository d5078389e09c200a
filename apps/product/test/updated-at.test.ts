import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { makePostgresReservationStore } from '../src/db/make-postgres-reservation-store.ts';
import { makePrismaProductStore } from '../src/db/make-prisma-product-store.ts';
import {
  CAUSE,
  LOW_STOCK,
  makeProduct,
  openImport,
  STORE,
  type OpenImport,
} from './open-import.ts';

let shop: OpenImport;

beforeAll(async () => {
  shop = await openImport();
});

afterAll(() => shop.close());

type Target = {
  readonly id: string;
  readonly orderId: string;
  readonly product: ReturnType<typeof makeProduct>;
};

const reservations = () => makePostgresReservationStore(shop.pool, LOW_STOCK);
const store = () => makePrismaProductStore(shop.catalogue, STORE);

const reserve = ({ id, orderId }: Target) =>
  reservations().reserve(orderId, [{ productId: id, quantity: 1 }], new Date(Date.now() + 60_000));
const release = ({ orderId }: Target) => reservations().release(orderId, CAUSE);

/** Each change of a product, and what must have happened before. */
const CHANGES: [
  name: string,
  change: (target: Target) => Promise<unknown>,
  before?: (target: Target) => Promise<unknown>,
][] = [
  ['a reservation', reserve],
  ['a release', release, reserve],
  [
    'a late payment, after the release',
    ({ orderId }) => reservations().commit(orderId),
    async (target) => {
      await reserve(target);
      await release(target);
    },
  ],
  ['an import', ({ product }) => shop.write([{ ...product, name: 'New' }])],
  ['an import of stock', ({ product }) => shop.write([{ ...product, stock: 3 }], true)],
  ['an update', ({ id }) => store().updateProduct(id, 1, { name: 'New' })],
  ['an adjustment of stock', ({ id }) => store().addStock(id, 1, 1_000, CAUSE)],
];

const readUpdatedAt = async (id: string): Promise<Date | undefined> =>
  (await shop.query<{ updated_at: Date }>('SELECT updated_at FROM products WHERE id = $1', [id]))[0]
    ?.updated_at;

const addTarget = async (): Promise<Target> => {
  const product = makeProduct();
  await shop.write([product]);
  const [row] = await shop.readRows([product]);
  return { id: String(row?.['id']), orderId: randomUUID(), product };
};

/** Sets `updated_at` to an SQL expression while `change` waits for the row. @returns what it was set to */
const changeMeanwhile = async (
  id: string,
  updatedAt: string,
  change: () => Promise<unknown>,
): Promise<Date | undefined> => {
  await shop.query('BEGIN');
  await shop.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [id]);
  const changing = change();
  try {
    await eventually(async () => {
      // A transaction reads pg_stat_activity once: not on the connection that has locked the row.
      const { rowCount } = await shop.pool.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    await shop.query(`UPDATE products SET updated_at = ${updatedAt} WHERE id = $1`, [id]);
    return await readUpdatedAt(id);
  } finally {
    await shop.query('COMMIT');
    await changing;
  }
};

describe.each(CHANGES)('updatedAt after %s', (_name, change, before) => {
  it.each(['clock_timestamp()', "clock_timestamp() + interval '20 seconds'"])(
    'is not before that of a change that it waited for: %s',
    async (updatedAt) => {
      const target = await addTarget();
      await before?.(target);
      const earlier = await changeMeanwhile(target.id, updatedAt, () => change(target));
      expect(Number(await readUpdatedAt(target.id))).toBeGreaterThanOrEqual(Number(earlier));
    },
  );

  it('is now, if it was wrong', async () => {
    const target = await addTarget();
    await before?.(target);
    await shop.query(`UPDATE products SET updated_at = 'infinity' WHERE id = $1`, [target.id]);
    await change(target);
    const updatedAt = await readUpdatedAt(target.id);
    expect(Math.abs(Number(updatedAt) - Date.now())).toBeLessThan(120_000);
  });
});
