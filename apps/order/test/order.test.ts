import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type OrderView, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

const PAGE = '{ nodes { id status } pageInfo { hasNextPage hasPreviousPage endCursor } }';

const USER_ORDERS = `query ($id: ID!, $first: Int, $after: String, $status: OrderStatus) {
  _entities(representations: [{ __typename: "User", id: $id }]) {
    ... on User { id orders(first: $first, after: $after, status: $status) ${PAGE} }
  }
}`;

const ALL_ORDERS = `query ($first: Int, $after: String, $status: OrderStatus) {
  orders(first: $first, after: $after, status: $status) ${PAGE}
}`;

type Page = {
  nodes: OrderView[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
};
type Customer = ReturnType<Shop['signIn']>;

const ordersOf = async (viewer: Customer, id: string, args: object = {}) => {
  const { data } = await viewer.query(USER_ORDERS, { id, ...args });
  return data._entities[0].orders as Page;
};

const idsOf = (page: Page) => page.nodes.map((order) => order.id);

const createMany = async (customer: Customer, count: number) => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await customer.createAny()).id);
  return ids;
};

describe('an order past its time to pay', () => {
  it('can no longer be paid, and stays pending for payments started before', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await shop.database.query(
      "UPDATE orders SET reserved_until = now() - interval '1 second' WHERE id = $1",
      [id],
    );
    const late = await ada.pay(id);
    expect(late).toMatchObject({
      __typename: 'OrderNotPendingProblem',
      code: 'ORDER_NOT_PENDING',
      order: { id, status: 'PENDING' },
    });
    expect(await ada.pay(id)).toEqual(late);
    expect(shop.services.reservations.get(id)?.status).toBe('HELD');
    expect(shop.services.payments.get(`${id}:1`)).toBeUndefined();
  });
});

describe('an order', () => {
  const REFERENCE = `query ($id: ID!) {
    _entities(representations: [{ __typename: "Order", id: $id }]) { ... on Order { id } }
  }`;

  it('is visible to its customer and to administrators, and null for others', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const referenceFor = async (viewer: Customer) =>
      (await viewer.query(REFERENCE, { id })).data._entities as unknown;
    for (const viewer of [ada, shop.signIn('ADMIN')]) {
      expect(await viewer.find(id)).toMatchObject({ id, customer: { id: ada.id } });
      expect(await referenceFor(viewer)).toEqual([{ id }]);
    }
    const stranger = shop.signIn();
    expect(await stranger.find(id)).toBeNull();
    expect(await stranger.find(randomUUID())).toBeNull();
    expect(await referenceFor(stranger)).toEqual([null]);
  });

  it('requires a signed-in viewer', async () => {
    const { id } = await shop.signIn().createAny();
    for (const query of ['query ($id: ID!) { order(id: $id) { id } }', REFERENCE, USER_ORDERS]) {
      const { data, errors } = await shop.send(query, { id });
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(JSON.stringify(data)).not.toContain(id);
    }
  });

  it('rejects an invalid id', async () => {
    const query = '{ order(id: "1 OR 1=1") { id } }';
    const { errors } = await shop.signIn('ADMIN').query(query);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe("a customer's orders", () => {
  it('are paged newest first, without repeats or orders of others', async () => {
    const [ada, bob] = [shop.signIn(), shop.signIn()];
    const ids = await createMany(ada, 5);
    await createMany(bob, 1);
    const first = await ordersOf(ada, ada.id, { first: 2 });
    await createMany(ada, 1);
    const second = await ordersOf(ada, ada.id, { first: 2, after: first.pageInfo.endCursor });
    const third = await ordersOf(ada, ada.id, { first: 2, after: second.pageInfo.endCursor });
    expect([first, second, third].flatMap(idsOf)).toEqual(ids.toReversed());
    expect([first, second, third].map((page) => page.pageInfo.hasNextPage)).toEqual([
      true,
      true,
      false,
    ]);
    expect(first.pageInfo.hasPreviousPage).toBe(false);
    expect(third.pageInfo.hasPreviousPage).toBe(true);
  });

  it('are filtered by status', async () => {
    const ada = shop.signIn();
    const paid = await ada.createAny();
    await ada.pay(paid.id);
    const declined = await ada.createAny();
    await ada.pay(declined.id, { paymentMethod: 'sim_decline' });
    const open = await ada.createAny();
    const byStatus = async (status: string | null) =>
      idsOf(await ordersOf(ada, ada.id, { status }));
    expect(await byStatus('CONFIRMED')).toEqual([paid.id]);
    expect(await byStatus('CANCELLED')).toEqual([declined.id]);
    expect(await byStatus('PENDING')).toEqual([open.id]);
    expect(await byStatus(null)).toEqual([open.id, declined.id, paid.id]);
  });

  it('are visible to an administrator, and null for another customer', async () => {
    const ada = shop.signIn();
    const ids = await createMany(ada, 1);
    expect(idsOf(await ordersOf(shop.signIn('ADMIN'), ada.id))).toEqual(ids);
    expect(await ordersOf(shop.signIn(), ada.id)).toBeNull();
  });

  it('refuse a page size out of range and an invalid cursor', async () => {
    const ada = shop.signIn();
    for (const page of [{ first: 0 }, { first: 101 }, { after: 'invalid' }]) {
      const { errors } = await ada.query(USER_ORDERS, { id: ada.id, ...page });
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('all orders', () => {
  it('are paged for an administrator, with an optional status', async () => {
    const ids = await createMany(shop.signIn(), 3);
    const admin = shop.signIn('ADMIN');
    const list = async (args: object) => (await admin.query(ALL_ORDERS, args)).data.orders as Page;
    const first = await list({ first: 2, status: 'PENDING' });
    const second = await list({ first: 1, after: first.pageInfo.endCursor });
    expect([first, second].flatMap(idsOf)).toEqual(ids.toReversed());
  });

  it('are for administrators only', async () => {
    const shopper = await shop.signIn().query(ALL_ORDERS);
    expect(shopper.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const anonymous = await shop.send(ALL_ORDERS);
    expect(anonymous.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('the order database', () => {
  const orders = 'UPDATE orders SET';
  const items = 'UPDATE order_items SET';
  const holds = 'UPDATE stock_holds SET';

  it.each([
    ['a negative total', `${orders} total_cents = -1`, 'orders_total_cents_check'],
    [
      'a cancellation without a reason',
      `${orders} status = 'CANCELLED'`,
      'orders_cancellation_check',
    ],
    [
      'a reason without a cancellation',
      `${orders} cancel_reason = 'ADMIN', cancelled_at = now()`,
      'orders_cancellation_check',
    ],
    [
      'a cancellation without its time',
      `${orders} status = 'CANCELLED', cancel_reason = 'ADMIN'`,
      'orders_cancellation_check',
    ],
    ['a line of quantity 0', `${items} quantity = 0`, 'order_items_quantity_check'],
    ['a negative price', `${items} price_cents = -1`, 'order_items_price_cents_check'],
    ['an order without its lines', 'DELETE FROM orders', 'order_items_order_id_fkey'],
    ['a hold of no units', `${holds} units = 0`, 'stock_holds_units_check'],
    [
      'a hold that is both placed and abandoned',
      `${holds} abandoned_at = now()`,
      'stock_holds_end_check',
    ],
    [
      'a settled payment without its result',
      `INSERT INTO order_history (order_id, at, event, to_status, actor)
         SELECT id, now(), 'PAYMENT_DECIDED', 'PENDING', 'SHOP' FROM orders`,
      'order_history_decision_check',
    ],
  ])('refuses %s', async (_fault, change, constraint) => {
    const { id } = await shop.signIn().createAny();
    const key = /order_items|stock_holds/.test(change) ? 'order_id' : 'id';
    await expect(shop.database.query(`${change} WHERE ${key} = $1`, [id])).rejects.toMatchObject({
      constraint,
    });
  });
});
