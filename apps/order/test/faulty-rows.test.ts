import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loggingInfrastructure } from '@cartograph/testing';
import { openOrder } from './open-order.ts';

const { infrastructure, logged } = loggingInfrastructure();

let shop: Awaited<ReturnType<typeof openOrder>>;

/** Such rows come from other versions and from SQL: the constraints are dropped to write them. */
beforeAll(async () => {
  shop = await openOrder({}, infrastructure);
  await shop.database.query(`ALTER TYPE order_status ADD VALUE 'SHIPPED'`);
  await shop.database.query(`ALTER TYPE cancellation_reason ADD VALUE 'FRAUD'`);
  for (const [table, check] of [
    ['orders', 'orders_currency_check'],
    ['orders', 'orders_total_cents_check'],
    ['orders', 'orders_shown_check'],
    ['order_items', 'order_items_price_cents_check'],
    ['order_items', 'order_items_shown_check'],
    ['order_history', 'order_history_shown_check'],
  ]) {
    await shop.database.query(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`);
  }
  await shop.database.query('ALTER TABLE order_history DISABLE TRIGGER USER');
});

afterAll(() => shop.close());

afterEach(() => {
  logged.length = 0;
});

type Page = {
  readonly nodes: readonly { readonly id: string; readonly items: readonly { sku: string }[] }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

const FIELDS = `nodes {
    id status total { amount currency } createdAt updatedAt reservedUntil
    items { sku unitPrice { amount currency } lineTotal { amount } }
    history { at type toStatus }
  }
  pageInfo { hasNextPage endCursor }`;

const OWN = `query ($after: String) { _entities(representations: [{ __typename: "User", id: "ID" }]) {
  ... on User { orders(first: 1, after: $after) { ${FIELDS} } } } }`;

const ALL = `query ($after: String) { orders(first: 1, after: $after) { ${FIELDS} } }`;

/** Reads a list to its end, one row a page. */
const readAll = async (read: (after: string | null) => Promise<Page>): Promise<Page['nodes']> => {
  const nodes: Page['nodes'][number][] = [];
  for (let after: string | null = null; ;) {
    const page: Page = await read(after);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
};

const readOwn = (customer: ReturnType<typeof shop.signIn>) =>
  readAll(async (after) => {
    const { data, errors } = await customer.query(OWN.replace('ID', customer.id), { after });
    expect(errors).toEqual([]);
    return data._entities[0].orders as Page;
  });

const idsOf = (nodes: Page['nodes']) => nodes.map(({ id }) => id);

describe.each([
  ["currency = 'ERU'", 'currency: is not a currency'],
  ['total_cents = -1', 'amount: is not 0 to 9007199254740991'],
  ['total_cents = 9007199254740992', 'amount: is not 0 to 9007199254740991'],
  ["created_at = 'infinity'", 'a date is not valid'],
  ["updated_at = '20260-01-01'", 'a date is not valid'],
  ["reserved_until = '-infinity'", 'a date is not valid'],
  ["status = 'SHIPPED'", 'has a value that this version does not know'],
])('an order with %s', (set, fault) => {
  it('is left out of every list, which can be read past it, and logged', async () => {
    const customer = shop.signIn();
    const orders = [];
    for (let made = 0; made < 3; made += 1) orders.push(await customer.createAny());
    const [first, bad, last] = orders.map(({ id }) => id);
    await shop.database.query(`UPDATE orders SET ${set} WHERE id = $1`, [bad]);
    expect(idsOf(await readOwn(customer))).toEqual([last, first]);
    const admin = shop.signIn('ADMIN');
    const all = await readAll(async (after) => {
      const { data, errors } = await admin.query(ALL, { after });
      expect(errors).toEqual([]);
      return data.orders as Page;
    });
    expect(idsOf(all)).toEqual(expect.arrayContaining([first, last]));
    expect(idsOf(all)).not.toContain(bad);
    expect(await customer.find(bad ?? '')).toBeNull();
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', table: 'orders', id: bad, fault }),
    );
  });
});

describe('an order with a status that this version does not know', () => {
  const fault = 'status: is not known';

  it.each([
    ['one customer', 1],
    ['several customers', 2],
  ])('is reported when the orders of %s are listed', async (_whose, count) => {
    const customers = Array.from({ length: count }, () => shop.signIn());
    const orders = [];
    for (const customer of customers) orders.push(await customer.createAny());
    const ids = orders.map(({ id }) => id);
    await shop.database.query(`UPDATE orders SET status = 'SHIPPED' WHERE id = ANY ($1)`, [ids]);
    const users = customers.map(({ id }) => ({ __typename: 'User', id }));
    const query = `query ($users: [_Any!]!) {
      _entities(representations: $users) { ... on User { orders { nodes { id } } } } }`;
    const { data, errors } = await shop.signIn('ADMIN').query(query, { users });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(users.map(() => ({ orders: { nodes: [] } })));
    for (const id of ids) {
      expect(logged).toContainEqual(expect.objectContaining({ table: 'orders', id, fault }));
    }
  });

  it('is reported when all orders are listed', async () => {
    const { id } = await shop.signIn().createAny();
    await shop.database.query(`UPDATE orders SET status = 'SHIPPED' WHERE id = $1`, [id]);
    const { errors } = await shop.signIn('ADMIN').query(ALL);
    expect(errors).toEqual([]);
    expect(logged).toContainEqual(expect.objectContaining({ table: 'orders', id, fault }));
  });
});

describe('a line of an order', () => {
  it.each([
    ['price_cents = -1', 'amount: is not 0 to 9007199254740991'],
    ['price_cents = 9007199254740991, quantity = 2', 'line total: is not exact'],
  ])('with %s is left out, and the order is shown', async (set, fault) => {
    const customer = shop.signIn();
    const items = [
      { productId: shop.services.addProduct(), quantity: 1 },
      { productId: shop.services.addProduct(), quantity: 1 },
    ];
    const { id } = await customer.create({ items });
    const [row] = await shop.database.query<{ sku: string }>(
      `UPDATE order_items SET ${set} WHERE order_id = $1 AND position = 0 RETURNING sku`,
      [id],
    );
    const [order] = await readOwn(customer);
    expect(order?.items).toHaveLength(1);
    expect(order?.items[0]?.sku).not.toBe(row?.sku);
    expect(logged).toContainEqual(expect.objectContaining({ table: 'order_items', fault }));
  });
});

describe('a line of an order’s history', () => {
  it.each(["at = 'infinity'", "to_status = 'SHIPPED'", "from_status = 'SHIPPED'"])(
    'with %s is left out, and the order is shown',
    async (set) => {
      const customer = shop.signIn();
      const { id } = await customer.createAny();
      await shop.database.query(`UPDATE order_history SET ${set} WHERE order_id = $1`, [id]);
      expect(idsOf(await readOwn(customer))).toEqual([id]);
      expect(await customer.historyOf(id)).toEqual([]);
      if (!set.startsWith('at')) return;
      const fault = 'a date is not valid';
      expect(logged).toContainEqual(expect.objectContaining({ table: 'order_history', id, fault }));
    },
  );
});

describe('a cancelled order with a reason that this version does not know', () => {
  const fault = 'cancellation: its reason is not known';

  it.each([
    ['one customer', 1],
    ['several customers', 2],
  ])('is left out of the lists of %s, and reported', async (_whose, count) => {
    const customers = Array.from({ length: count }, () => shop.signIn());
    const lists = [];
    for (const customer of customers) {
      const [pending, cancelled, bad] = [
        await customer.createAny(),
        await customer.createAny(),
        await customer.createAny(),
      ];
      for (const { id } of [cancelled, bad]) await customer.cancel(id);
      await shop.database.query(`UPDATE orders SET cancel_reason = 'FRAUD' WHERE id = $1`, [
        bad.id,
      ]);
      lists.push({ pending: pending.id, cancelled: cancelled.id, bad: bad.id });
    }
    const representations = customers.map(({ id }) => ({ __typename: 'User', id }));
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
      orders { nodes { id } } cancelled: orders(status: CANCELLED) { nodes { id } } } } }`;
    const reader = shop.signIn('ADMIN');
    const { data, errors } = await reader.query(query, { of: representations });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(
      lists.map(({ pending, cancelled }) => ({
        orders: { nodes: [{ id: cancelled }, { id: pending }] },
        cancelled: { nodes: [{ id: cancelled }] },
      })),
    );
    for (const { bad } of lists) {
      expect(logged).toContainEqual(expect.objectContaining({ table: 'orders', id: bad, fault }));
    }
  });
});
