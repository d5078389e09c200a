import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeIdempotencyStore } from '@cartograph/idempotency';
import { makeServiceClient, type ServiceClient } from '@cartograph/resilience';
import { eventually, TEST_SECRET } from '@cartograph/testing';
import { makeRemoteCashier } from '../src/clients/make-remote-cashier.ts';
import { makeRemoteStockKeeper } from '../src/clients/make-remote-stock-keeper.ts';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaHoldStore } from '../src/db/make-prisma-hold-store.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import { makeOrders, type Orders } from '../src/domain/orders.ts';
import { booksOf, expectedBooks } from './books.ts';
import { endHoldTimes } from './hold-times.ts';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;
let database: Database;
let clients: ServiceClient[];

beforeAll(async () => {
  shop = await openShop();
  database = makeDatabase({ databaseUrl: shop.database.url, databasePoolSize: 2 });
  clients = ['product', 'payment'].map((service) =>
    makeServiceClient({
      service,
      url: shop.sisters.url,
      caller: 'order',
      secret: TEST_SECRET,
      timeoutMs: 60_000,
    }),
  );
});

afterAll(async () => {
  await database.$disconnect();
  await Promise.all(clients.map((client) => client.close()));
  await shop.close();
});

type Death = { readonly call: number; readonly when: 'before' | 'after' };

/**
 * The rules of the shop in a process that dies before or after one of the calls it makes, to its
 * database (each is a transaction) or to a sister. Nothing it tries later has any effect.
 */
const makeMortal = (death: Death): { orders: Orders; hasDied: () => boolean } => {
  let calls = 0;
  let isDead = false;
  const mortal = <Ports extends object>(ports: Ports): Ports =>
    new Proxy(ports, {
      get:
        (target, name) =>
        async (...args: unknown[]) => {
          if (isDead) throw new Error('dead');
          calls += 1;
          const isLast = calls === death.call;
          isDead = isLast && death.when === 'before';
          if (isDead) throw new Error('killed before');
          const method = target[name as keyof Ports] as (...given: unknown[]) => Promise<unknown>;
          const result = await method(...args);
          isDead = isLast;
          if (isDead) throw new Error('killed after');
          return result;
        },
    });
  const [product, payment] = clients;
  if (!product || !payment) throw new Error('the test has not begun');
  const orders = makeOrders({
    store: mortal(makePrismaOrderStore(database)),
    idempotencyStore: mortal(makeIdempotencyStore(database, 'order_id')),
    stock: mortal(makeRemoteStockKeeper(product)),
    cashier: mortal(makeRemoteCashier(payment)),
    holds: mortal(makePrismaHoldStore(database)),
    times: { reservationMs: 15 * 60_000 },
    limits: { ordersPerAccount: 5, unitsPerAccount: 100, unitsPerAddress: 100 },
    onSettleDeferred: () => undefined,
  });
  return { orders, hasDied: () => isDead };
};

/** Does a thing again and again, and dies at one more place each time, until it lives through it. */
const dieEverywhere = async (
  act: (orders: Orders) => Promise<{ readonly id: string; readonly done: Promise<unknown> }>,
): Promise<string[]> => {
  const ids: string[] = [];
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; ; call += 1) {
      const { orders, hasDied } = makeMortal({ call, when });
      const { id, done } = await act(orders);
      await done.catch(() => undefined);
      ids.push(id);
      if (!hasDied()) break;
      if (call > 50) throw new Error('this never ends');
    }
  }
  return ids;
};

const expire = (id: string) =>
  shop.database.query(
    "UPDATE orders SET reserved_until = now() - interval '31 seconds' WHERE id = $1",
    [id],
  );

/** What is left to do is done by the living; orders that still wait come to their end of time. */
const recover = async (ids: readonly string[]) => {
  await eventually(async () => {
    await shop.hurryJobs();
    for (const id of ids) await expire(id);
    expect(await shop.database.query('SELECT id FROM graphile_worker.jobs')).toEqual([]);
  }, 60_000);
  return Promise.all(ids.map((id) => booksOf(shop, id)));
};

describe('a process that is killed at any place', () => {
  it.each([
    ['sim_success', ['CONFIRMED', 'CANCELLED']],
    ['sim_decline', ['CANCELLED']],
  ])('of a payment leaves nothing half done (%s)', async (paymentMethod, ends) => {
    const ids = await dieEverywhere(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      const input = { orderId: id, paymentMethod, idempotencyKey: randomUUID() };
      return { id, done: orders.payOrder(ada.id, input) };
    });
    const books = await recover(ids);
    expect(books).toEqual(books.map(expectedBooks));
    expect([...new Set(books.map((book) => book.status))].sort()).toEqual(ends.toSorted());
    expect(books.length).toBeGreaterThan(10);
  });

  it('of a cancellation with a payment under way leaves nothing half done', async () => {
    const ids = await dieEverywhere(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      shop.sisters.breakDown('answer lost', 'CreatePaymentIntent');
      await ada.tryToPay({ orderId: id });
      shop.sisters.mend();
      const viewer = { id: ada.id, role: 'USER' } as const;
      return {
        id,
        done: orders.cancelOrder(viewer, { orderId: id, idempotencyKey: randomUUID() }),
      };
    });
    const books = await recover(ids);
    expect(books).toEqual(books.map(expectedBooks));
    expect(books.map((book) => book.money)).toContain('REFUNDED');
  });

  it('of an expiry, or of a refund, leaves nothing half done', async () => {
    const expired = await dieEverywhere(async (orders) => {
      const { id } = await shop.signIn().createAny();
      await expire(id);
      return { id, done: orders.completion.resolve(id) };
    });
    const refunded = await dieEverywhere(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      await ada.pay(id, { paymentMethod: 'sim_undecided' });
      await ada.cancel(id);
      shop.sisters.decide(id, 'SUCCEEDED');
      const done = orders.completion.resolve(id).then(() => orders.completion.refund(id, 1));
      return { id, done };
    });
    const books = await recover([...expired, ...refunded]);
    expect(books).toEqual(books.map(expectedBooks));
    expect(new Set(books.map((book) => book.reason))).toEqual(
      new Set(['EXPIRED', 'CUSTOMER_REQUEST']),
    );
  });

  it('of an order’s making makes one order when its customer tries again', async () => {
    const wanted = new Map<
      string,
      { items: object[]; idempotencyKey: string; productId: string }
    >();
    const customers = new Map<string, ReturnType<Shop['signIn']>>();
    const keys = await dieEverywhere(async (orders) => {
      const ada = shop.signIn();
      const productId = shop.sisters.addProduct();
      const idempotencyKey = randomUUID();
      const input = { items: [{ productId, quantity: 2 }], idempotencyKey };
      wanted.set(idempotencyKey, { ...input, productId });
      customers.set(idempotencyKey, ada);
      return { id: idempotencyKey, done: orders.createOrder({ id: ada.id, address: null }, input) };
    });
    await shop.database.query(
      "UPDATE idempotency_keys SET locked_until = now() - interval '1 second' WHERE response IS NULL",
    );
    for (const key of keys) {
      const { productId = '', ...input } = wanted.get(key) ?? {};
      const order = await customers.get(key)?.create(input);
      expect(order).toMatchObject({ status: 'PENDING', items: [{ quantity: 2 }] });
      expect(shop.sisters.products.get(productId)?.stock).toBe(8);
      expect(shop.sisters.reservations.get(order?.id ?? '')?.status).toBe('HELD');
      const made = await shop.database.query('SELECT id FROM orders WHERE user_id = $1', [
        customers.get(key)?.id,
      ]);
      expect(made).toEqual([{ id: order?.id }]);
    }
    expect(keys.length).toBeGreaterThan(6);
  });

  it('of an order’s making gives its stock back when nobody tries again', async () => {
    const stockOf = new Map<string, string>();
    const customers = await dieEverywhere(async (orders) => {
      const { id } = shop.signIn();
      const productId = shop.sisters.addProduct();
      stockOf.set(id, productId);
      const input = { items: [{ productId, quantity: 2 }], idempotencyKey: randomUUID() };
      return { id, done: orders.createOrder({ id, address: null }, input) };
    });
    const stock = (id: string) => shop.sisters.products.get(stockOf.get(id) ?? '')?.stock;
    expect(customers.filter((id) => stock(id) === 8).length).toBeGreaterThan(3);
    await endHoldTimes(shop);
    await eventually(async () => {
      const open = await shop.database.query<{ id: string }>(
        'SELECT user_id::text AS id FROM orders WHERE user_id = ANY($1::uuid[])',
        [customers],
      );
      // Whoever has an order holds two units for it, and nobody else does.
      const holders = new Set(open.map(({ id }) => id));
      for (const id of customers) expect(stock(id)).toBe(holders.has(id) ? 8 : 10);
      const holds = await shop.database.query<{ id: string }>(
        'SELECT user_id::text AS id FROM stock_holds WHERE user_id = ANY($1::uuid[])',
        [customers],
      );
      expect(new Set(holds.map(({ id }) => id))).toEqual(holders);
    }, 30_000);
  });
});
