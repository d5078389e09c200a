import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ShopError } from '@cartograph/errors';
import { makeRandom } from '../src/commands/random.ts';
import { makeReservations } from '../src/domain/reservations.ts';
import { CAUSE, inMinutes, openReservations, type OpenReservations } from './open-reservations.ts';

const CONNECTIONS = 8;
const ROUNDS = 12;
const CHANGES = 120;

let shop: OpenReservations;

beforeAll(async () => {
  shop = await openReservations(CONNECTIONS);
});

afterAll(() => shop.close());

const countDeadlocks = async (): Promise<number> => {
  await shop.query('SELECT pg_stat_force_next_flush()');
  const [row] = await shop.query<{ deadlocks: number }>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.deadlocks ?? NaN;
};

it('concurrent changes of the same orders and products keep the ledger, without a deadlock', async () => {
  const seed = randomInt(1_000_000);
  const random = makeRandom(seed, 0);
  const { store } = shop;
  const sweep = () =>
    makeReservations(store).releaseExpired(100, new Set(), (_orderId, error) => {
      throw error;
    });
  for (let round = 0; round < ROUNDS; round += 1) {
    const products = await shop.addProducts([6, 6, 30, 30]);
    const orders = Array.from({ length: 8 }, () => randomUUID());
    const closed = new Set<string>();
    const change = async (): Promise<unknown> => {
      const orderId = orders[random.below(orders.length)] ?? '';
      const wanted = products.filter(() => random.below(2) === 0);
      const units = (wanted.length > 0 ? wanted : products).map((productId) => ({
        productId,
        quantity: 1 + random.below(3),
      }));
      // Some holds expire at once, for the sweep.
      const reserve = () => store.reserve(orderId, units, inMinutes(random.below(3) - 1));
      switch (random.below(8)) {
        case 0:
          return store.commit(orderId);
        case 1:
        case 2:
          return store.release(orderId, CAUSE);
        case 3:
          return sweep();
        case 4: {
          if (random.below(4) > 0) return reserve();
          const { status } = await store.close(orderId, CAUSE);
          if (status === 'RELEASED') closed.add(orderId);
          return status;
        }
        default:
          return reserve();
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: CHANGES }, change));
    const failures = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as Error)
      // A reservation that changed at each try: its caller tries again.
      .filter((error) => !(error instanceof ShopError && error.code === 'UNAVAILABLE'));
    expect({ seed, failures }).toEqual({ seed, failures: [] });
    for (const orderId of closed) {
      expect(await store.commit(orderId)).toMatchObject({ status: 'RELEASED' });
    }
  }
  await shop.expectBalance();
  expect({ seed, deadlocks: await countDeadlocks() }).toEqual({ seed, deadlocks: 0 });
  const kinds = await shop.query<{ kind: string; count: number }>(
    'SELECT kind, count(*)::int AS count FROM stock_movements GROUP BY kind',
  );
  for (const kind of ['RESERVED', 'COMMITTED', 'RELEASED']) {
    expect(kinds.find((row) => row.kind === kind)?.count).toBeGreaterThan(20);
  }
});
