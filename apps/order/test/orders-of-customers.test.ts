import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

const CUSTOMERS = 6;
const EACH = 3;

type Customer = ReturnType<Shop['signIn']>;
type Page = {
  nodes: { id: string; status: string; items: unknown[] }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
};

/** Sweepers look for due orders at any time. */
const SWEEP = /^\s*\/\* due\./;

/** Runs `run` and counts the statements that read orders in it. */
const countReads = async <Value>(run: () => Promise<Value>): Promise<[Value, number]> => {
  const query = vi.spyOn(Client.prototype, 'query');
  try {
    const value = await run();
    const texts = query.mock.calls.map(([statement]) =>
      typeof statement === 'string' ? statement : (statement as { text?: string }).text,
    );
    const reads = texts.filter(
      (text = '') => /\bSELECT\b.*\border(s|_items)\b/is.test(text) && !SWEEP.test(text),
    );
    return [value, reads.length];
  } finally {
    query.mockRestore();
  }
};

const PAGE =
  '{ nodes { id status items { sku } } pageInfo { hasNextPage hasPreviousPage endCursor } }';

const entities = (selection: string) => `query ($users: [_Any!]!) {
  _entities(representations: $users) { ... on User { id ${selection} } }
}`;

describe('the orders of many customers', () => {
  let admin: Customer;
  let customers: Customer[];
  let ids: string[][];

  beforeAll(async () => {
    admin = shop.signIn('ADMIN');
    customers = Array.from({ length: CUSTOMERS }, () => shop.signIn());
    ids = [];
    for (const customer of customers) {
      const own: string[] = [];
      for (let index = 0; index < EACH; index += 1) own.unshift((await customer.createAny()).id);
      ids.push(own);
    }
    await customers[0]?.cancel(ids[0]?.[0] ?? '');
    // Its last step reads the order, too.
    const isDone = `SELECT id FROM orders WHERE status = 'CANCELLED' AND due_at IS NULL`;
    await eventually(async () => expect(await shop.database.query(isDone)).toHaveLength(1));
  });

  const readUsers = async (selection: string) => {
    const users = customers.map(({ id }) => ({ __typename: 'User', id }));
    const { data, errors } = await admin.query(entities(selection), { users });
    expect(errors).toEqual([]);
    return data._entities as Record<string, Page>[];
  };

  it('are read together, with a page for each', async () => {
    const [users, reads] = await countReads(() => readUsers(`orders(first: 2) ${PAGE}`));
    expect(users.map(({ orders }) => orders?.nodes.map(({ id }) => id))).toEqual(
      ids.map((own) => own.slice(0, 2)),
    );
    for (const { orders } of users) {
      expect(orders?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      expect(orders?.nodes.every(({ items }) => items.length === 1)).toBe(true);
    }
    expect(reads).toBe(1);
  });

  it('are not mixed up between arguments', async () => {
    const [users, reads] = await countReads(() =>
      readUsers(
        `two: orders(first: 2) ${PAGE} all: orders ${PAGE} ended: orders(status: CANCELLED) ${PAGE}`,
      ),
    );
    for (const [index, { two, all, ended }] of users.entries()) {
      expect(two?.nodes.map(({ id }) => id)).toEqual(ids[index]?.slice(0, 2));
      expect(all?.nodes.map(({ id }) => id)).toEqual(ids[index]);
      expect(all?.pageInfo.hasNextPage).toBe(false);
      expect(ended?.nodes.map(({ id }) => id)).toEqual(index === 0 ? ids[0]?.slice(0, 1) : []);
    }
    expect(reads).toBe(3);
  });

  it('continue after a cursor', async () => {
    const [first] = await readUsers(`orders(first: 1) ${PAGE}`);
    const after = first?.['orders']?.pageInfo.endCursor ?? '';
    const users = await readUsers(
      `newest: orders(first: 1) ${PAGE} orders(first: 1, after: "${after}") ${PAGE}`,
    );
    // The first customer's orders are the oldest: no other customer has an older one.
    expect(users.map(({ orders }) => orders?.nodes.map(({ id }) => id))).toEqual([
      ids[0]?.slice(1, 2),
      ...ids.slice(1).map(() => []),
    ]);
    expect(users[0]?.['orders']?.pageInfo.hasPreviousPage).toBe(true);
    expect(users.map(({ newest }) => newest?.nodes[0]?.id)).toEqual(ids.map(([id]) => id));
  });

  it('take no more statements when customers are nested in their orders', async () => {
    const [, reads] = await countReads(async () => {
      const query = `{ orders(first: 20) { nodes { customer { orders(first: 5) { nodes { customer { orders(first: 5) { nodes { id } } } } } } } } }`;
      const { data, errors } = await admin.query(query);
      expect(errors).toEqual([]);
      expect(data.orders.nodes).toHaveLength(CUSTOMERS * EACH);
    });
    // The list and one batch: the nested pages are loaded already.
    expect(reads).toBe(2);
  });

  it('are visible to their customer and administrators only', async () => {
    const [ada, bob] = customers as [Customer, Customer];
    const users = [ada, bob].map(({ id }) => ({ __typename: 'User', id }));
    const { data } = await ada.query(entities(`orders ${PAGE}`), { users });
    expect(data._entities[0].orders.nodes).toHaveLength(EACH);
    expect(data._entities[1].orders).toBeNull();
  });
});
