import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdempotencyStore } from '@cartograph/idempotency';
import { makeServiceClient, type ServiceClient } from '@cartograph/resilience';
import { eventually, TEST_SECRET } from '@cartograph/testing';
import { makeRemotePaymentClient } from '../src/clients/make-remote-payment-client.ts';
import { makeRemoteCatalogueReader } from '../src/clients/make-remote-catalogue-reader.ts';
import { makeRemoteInventoryClient } from '../src/clients/make-remote-inventory-client.ts';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaHoldStore } from '../src/db/make-prisma-hold-store.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import { makeOrders, type Orders } from '../src/domain/orders.ts';
import { expectedLedger, ledgerOf } from './ledger.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;
let database: Database;
let clients: ServiceClient[];

beforeAll(async () => {
  shop = await openOrder();
  database = makeDatabase({ databaseUrl: shop.database.url, databasePoolSize: 2 });
  clients = ['product', 'payment'].map((service) =>
    makeServiceClient({
      service,
      url: shop.services.url,
      caller: 'order',
      secret: TEST_SECRET,
      timeoutMs: 60_000,
    }),
  );
});

afterAll(async () => {
  await database.close();
  await Promise.all(clients.map((client) => client.close()));
  await shop.close();
});

type Death = { readonly call: number; readonly when: 'before' | 'after' };

/**
 * The use cases in a process that dies before or after one of its calls, to its database (each is a
 * transaction) or to another service. None of its later calls has any effect.
 */
const makeMortalOrders = (death: Death): { orders: Orders; hasDied: () => boolean } => {
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
  if (!product || !payment) throw new Error('the clients are not open yet');
  const orders = makeOrders({
    store: mortal(makePrismaOrderStore(database)),
    idempotencyStore: mortal(makeIdempotencyStore(database.raw, 'order_id')),
    catalogue: makeRemoteCatalogueReader(product),
    inventory: mortal(makeRemoteInventoryClient(product)),
    payments: mortal(makeRemotePaymentClient(payment)),
    holds: mortal(makePrismaHoldStore(database)),
    times: { reservationMs: 15 * 60_000 },
    limits: { ordersPerAccount: 5, unitsPerAccount: 100, unitsPerAddress: 100 },
    onSettleDeferred: () => undefined,
  });
  return { orders, hasDied: () => isDead };
};

/** Runs an action again and again, and dies one call later each time, until it survives. */
const dieAtEachCall = async (
  act: (orders: Orders) => Promise<{ readonly id: string; readonly done: Promise<unknown> }>,
): Promise<string[]> => {
  const ids: string[] = [];
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; ; call += 1) {
      const { orders, hasDied } = makeMortalOrders({ call, when });
      const { id, done } = await act(orders);
      await done.catch(() => undefined);
      ids.push(id);
      if (!hasDied()) break;
      if (call > 50) throw new Error('too many calls');
    }
  }
  return ids;
};

const expire = (id: string) =>
  shop.database.query(
    "UPDATE orders SET reserved_until = now() - interval '31 seconds' WHERE id = $1",
    [id],
  );

/** Lets the running service do the remaining work and expire the pending orders. */
const recover = async (ids: readonly string[]) => {
  await eventually(async () => {
    await shop.makeOrdersDue();
    for (const id of ids) await expire(id);
    expect(await shop.findDueOrders()).toEqual([]);
  }, 60_000);
  return Promise.all(ids.map((id) => ledgerOf(shop, id)));
};

describe('a process that is killed at any call', () => {
  it.each([
    ['sim_success', ['CONFIRMED', 'CANCELLED']],
    ['sim_decline', ['CANCELLED']],
  ])('of a payment leaves a consistent ledger (%s)', async (paymentMethod, ends) => {
    const ids = await dieAtEachCall(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      const input = { orderId: id, paymentMethod, idempotencyKey: randomUUID() };
      return { id, done: orders.payOrder(ada.id, input) };
    });
    const ledgers = await recover(ids);
    expect(ledgers).toEqual(ledgers.map(expectedLedger));
    expect([...new Set(ledgers.map((ledger) => ledger.status))].sort()).toEqual(ends.toSorted());
    expect(ledgers.length).toBeGreaterThan(10);
  });

  it('of a cancellation during a payment leaves a consistent ledger', async () => {
    const ids = await dieAtEachCall(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      shop.services.setFault('response lost', 'CreatePaymentIntent');
      await ada.tryToPay({ orderId: id });
      shop.services.clearFaults();
      const viewer = { id: ada.id, role: 'USER' } as const;
      return {
        id,
        done: orders.cancelOrder(viewer, { orderId: id, idempotencyKey: randomUUID() }),
      };
    });
    const ledgers = await recover(ids);
    expect(ledgers).toEqual(ledgers.map(expectedLedger));
    expect(ledgers.map((ledger) => ledger.money)).toContain('REFUNDED');
  });

  it('of an expiry or a refund leaves a consistent ledger', async () => {
    const expired = await dieAtEachCall(async (orders) => {
      const { id } = await shop.signIn().createAny();
      await expire(id);
      return { id, done: orders.processDueOrder(id) };
    });
    const refunded = await dieAtEachCall(async (orders) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      await ada.pay(id, { paymentMethod: 'sim_pending' });
      await ada.cancel(id);
      shop.services.settlePayment(id, 'SUCCEEDED');
      const done = orders.processDueOrder(id).then(() => orders.processDueOrder(id));
      return { id, done };
    });
    const ledgers = await recover([...expired, ...refunded]);
    expect(ledgers).toEqual(ledgers.map(expectedLedger));
    expect(new Set(ledgers.map((ledger) => ledger.reason))).toEqual(
      new Set(['EXPIRED', 'CUSTOMER_REQUEST']),
    );
  });

  it('of createOrder makes one order when its customer retries', async () => {
    const inputs = new Map<
      string,
      { items: object[]; idempotencyKey: string; productId: string }
    >();
    const customers = new Map<string, ReturnType<Shop['signIn']>>();
    const keys = await dieAtEachCall(async (orders) => {
      const ada = shop.signIn();
      const productId = shop.services.addProduct();
      const idempotencyKey = randomUUID();
      const input = { items: [{ productId, quantity: 2 }], idempotencyKey };
      inputs.set(idempotencyKey, { ...input, productId });
      customers.set(idempotencyKey, ada);
      return { id: idempotencyKey, done: orders.createOrder({ id: ada.id, address: null }, input) };
    });
    await shop.database.query(
      "UPDATE idempotency_keys SET locked_until = now() - interval '1 second' WHERE response IS NULL",
    );
    for (const key of keys) {
      const { productId = '', ...input } = inputs.get(key) ?? {};
      const order = await customers.get(key)?.create(input);
      expect(order).toMatchObject({ status: 'PENDING', items: [{ quantity: 2 }] });
      expect(shop.services.products.get(productId)?.stock).toBe(8);
      expect(shop.services.reservations.get(order?.id ?? '')?.status).toBe('HELD');
      const made = await shop.database.query('SELECT id FROM orders WHERE user_id = $1', [
        customers.get(key)?.id,
      ]);
      expect(made).toEqual([{ id: order?.id }]);
    }
    expect(keys.length).toBeGreaterThan(6);
  });

  it('of createOrder releases its stock when its customer does not retry', async () => {
    const stockOf = new Map<string, string>();
    const customers = await dieAtEachCall(async (orders) => {
      const { id } = shop.signIn();
      const productId = shop.services.addProduct();
      stockOf.set(id, productId);
      const input = { items: [{ productId, quantity: 2 }], idempotencyKey: randomUUID() };
      return { id, done: orders.createOrder({ id, address: null }, input) };
    });
    const stock = (id: string) => shop.services.products.get(stockOf.get(id) ?? '')?.stock;
    expect(customers.filter((id) => stock(id) === 8).length).toBeGreaterThan(3);
    await shop.endHoldTimes();
    await eventually(async () => {
      const open = await shop.database.query<{ id: string }>(
        'SELECT user_id::text AS id FROM orders WHERE user_id = ANY($1::uuid[])',
        [customers],
      );
      // Each customer with an order holds two units, and no other customer does.
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
